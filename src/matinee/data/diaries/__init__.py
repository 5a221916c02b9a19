"""Movie diaries exported from other sites, or lists that users keep, as a history over a catalogue."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
