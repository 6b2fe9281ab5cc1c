"""What an experiment did: power first, then a comparison, its evidence told, and several laid together."""
