"""The state of the running app."""
