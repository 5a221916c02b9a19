"""Item-item models: a score is a weighted sum over the movies of a history."""
