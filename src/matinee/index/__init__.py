"""From scores or vectors to the best rows. Knows nothing of movies."""
