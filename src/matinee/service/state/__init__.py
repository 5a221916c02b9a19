"""What the running service holds in memory between requests."""
