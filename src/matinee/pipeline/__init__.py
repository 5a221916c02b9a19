"""From a request to an explained list of movies. No SQL, HTTP or training."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
