"""Panels: rankings and ratings of experts, how far they agree, live sessions, and experts beside the data."""
