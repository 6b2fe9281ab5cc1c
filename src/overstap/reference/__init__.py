"""Bundled facts and installers of larger reference sets, each with its source and licence."""
