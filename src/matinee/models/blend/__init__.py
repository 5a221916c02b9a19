"""A weighted combination of other models."""
