"""Drawn posters: what stands in for a picture nobody has."""
