"""From the text of an ad to coded facts."""
