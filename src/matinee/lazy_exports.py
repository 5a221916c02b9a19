"""Public names of a package, imported when they are first used.

`import matinee` would take seconds if it imported numpy, polars and PyTorch. So each `__init__` names the module of
each public name, and the module is imported on the first access. A public name never equals the name of a module
beside it, because an imported module would replace it.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def lazy_exports(
    namespace: dict[str, Any], modules: Mapping[str, str]
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return `__getattr__` and `__dir__` for the package whose `globals()` are `namespace`.

    `modules` gives the module of each public name.
    """
    package: str = namespace["__name__"]

    def load(name: str) -> Any:
        if name not in modules:
            raise AttributeError(f"module '{package}' has no attribute '{name}'")
        value = getattr(import_module(modules[name]), name)
        namespace[name] = value  # so that the next access is an ordinary one
        return value

    def names() -> list[str]:
        return sorted({*namespace, *modules})

    return load, names
