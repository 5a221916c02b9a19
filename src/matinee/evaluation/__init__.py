"""Measuring models on splits: metrics, intervals and tests. No fitting apart from each model's own `fit`."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
