"""Moves between occupations: how much one asks of what another gives."""
