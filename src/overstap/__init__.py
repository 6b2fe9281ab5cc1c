"""overstap: an open labour-market research engine."""

__version__ = "0.1.0"
