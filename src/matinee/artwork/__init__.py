"""Placeholder posters, drawn as SVG from a title, a year and genres."""
