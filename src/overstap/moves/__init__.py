"""Moves between occupations: profiles, similarity, who can go where, and what it takes."""
