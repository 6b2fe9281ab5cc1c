"""New phrases: terms that ads ask and the taxonomy does not hold, as candidates for it."""
