"""Models that every other model is compared with."""
