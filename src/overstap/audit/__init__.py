"""How often the coding errs, read off a sample by a person, and what the measures and later runs make of it."""
