"""Readers: from files as published to `raw_` tables."""
