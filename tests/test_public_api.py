"""The public names: every package lists them, they load on first use, and `import matinee` stays quick."""

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from tests.source_code import SOURCE, label

HEAVY = {"numpy", "scipy", "polars", "torch", "sklearn", "pydantic", "rich", "babel", "sqlalchemy", "fastapi"}
PACKAGES = sorted(path for path in SOURCE.rglob("__init__.py") if path.with_suffix(".pyi").exists())


def package_name(path: Path) -> str:
    return ".".join(["matinee", *path.parent.relative_to(SOURCE).parts])


def stub_imports(path: Path) -> dict[str, str]:
    """The names that the stub beside `__init__` exports, with their modules."""
    stub = ast.parse(path.with_suffix(".pyi").read_text("utf-8"))
    imports = [node for node in stub.body if isinstance(node, ast.ImportFrom)]
    return {alias.name: f"{package_name(path)}.{node.module}" for node in imports for alias in node.names}


def test_the_packages_are_found() -> None:
    names = {package_name(path) for path in PACKAGES}
    assert {"matinee", "matinee.data", "matinee.models", "matinee.pipeline", "matinee.workflows"} <= names


def test_importing_matinee_loads_no_heavy_module() -> None:
    code = f"import sys, matinee; print(*({HEAVY!r} & sys.modules.keys()))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert loaded.split() == []


@pytest.mark.parametrize("path", PACKAGES, ids=label)
def test_public_names_are_listed_alike_and_can_be_imported(path: Path) -> None:
    package = importlib.import_module(package_name(path))
    modules = stub_imports(path)
    assert sorted(package.__all__) == sorted(modules)
    for name, module in modules.items():
        assert getattr(package, name) is getattr(importlib.import_module(module), name)
        assert name in dir(package)


@pytest.mark.parametrize("path", PACKAGES, ids=label)
def test_no_module_hides_a_public_name(path: Path) -> None:
    siblings = {sibling.stem for sibling in path.parent.iterdir()}
    assert not siblings & set(importlib.import_module(package_name(path)).__all__)


def test_unknown_names_are_refused() -> None:
    package = importlib.import_module("matinee")
    with pytest.raises(AttributeError, match="No matinee attribute nonesuch"):
        _ = package.nonesuch
