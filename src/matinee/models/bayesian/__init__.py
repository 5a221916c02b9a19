"""Models fitted by sampling from a posterior."""
