"""Movie and user attributes as arrays. No learning of weights."""
