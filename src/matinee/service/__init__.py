"""HTTP outside, calls inward: routes are short, and hold no SQL and no tensors."""

from typing import TYPE_CHECKING

from matinee.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from matinee.service.app import create_app
    from matinee.service.settings import Settings, read_settings

__all__ = [
    "Settings",
    "create_app",
    "read_settings",
]

_MODULES = {
    "Settings": "matinee.service.settings",
    "create_app": "matinee.service.app",
    "read_settings": "matinee.service.settings",
}

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_exports(globals(), _MODULES)
