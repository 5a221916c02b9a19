"""Ratings made up at any size, in the shape of MovieLens, whose users' true taste is known."""
