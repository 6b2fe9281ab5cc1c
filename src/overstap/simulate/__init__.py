"""A seeded labour market with known truth."""
