"""Initiatives that teach and innovate: the register, how they spread and hang together, what they serve, new ones."""
