"""Similar movies, similar users, title search and the taste map."""
