"""Synthetic ratings of any size, in the format of MovieLens, from users whose true tastes are known."""
