"""Synthetic ratings of any size, in the format of MovieLens, from users whose true tastes are known."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
