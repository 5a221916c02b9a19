"""Reasons for a recommendation, and what would change it."""
