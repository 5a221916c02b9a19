"""Placeholder posters, drawn as SVG from a title, a year and genres."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
