"""Joining a catalogue with what others know about its movies."""
