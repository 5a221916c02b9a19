"""The shapes that placeholder posters are composed of, by genre."""
