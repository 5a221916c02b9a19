"""Models that score movies. No data reading, training loops, top-k, SQL or HTTP."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
