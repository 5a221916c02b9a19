"""Whole tasks as functions: select models, train a run, update it, build the demo. No printing."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
