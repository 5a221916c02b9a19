"""Read the sources once, for the tests that check rules about names, structure and prose."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "matinee"
FILES = sorted(SOURCE.rglob("*.py"))


class Identifier(NamedTuple):
    """A name that a file binds, with its line."""

    name: str
    line: int

    @property
    def words(self) -> list[str]:
        """`movie_rows` and `MovieRows` are both `["movie", "rows"]`; "in_place" is an idiom of its own."""
        spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", self.name).replace("in_place", "inplace")
        return [word for word in spaced.lower().split("_") if word]


def label(path: Path) -> str:
    """The path from the project's folder on."""
    return str(path.relative_to(ROOT))


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(text_of(path))


def imported_modules(path: Path) -> set[str]:
    """`matinee.data.files` and the like, also when imported inside a function."""
    modules: set[str] = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.ImportFrom) and node.module:
            modules |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
    return {module for module in modules if module.startswith("matinee.")}


def identifiers(path: Path) -> Iterator[Identifier]:
    """Every name that the file defines: variables, loop variables, parameters, functions, classes and attributes."""
    for node in ast.walk(parsed(path)):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                yield Identifier(name, node.lineno)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield Identifier(name, node.lineno)
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name, ctx=ast.Store()):
                yield Identifier(name, node.lineno)
            case ast.MatchAs(name=str(name)) | ast.ExceptHandler(name=str(name)) | ast.alias(asname=str(name)):
                yield Identifier(name, node.lineno)
            case _:
                pass


def string_literals(path: Path) -> Iterator[tuple[str, int]]:
    """Every string constant with its line, docstrings and the fixed parts of f-strings included."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value, node.lineno


def docstrings(path: Path) -> Iterator[tuple[str, int]]:
    """Every docstring with the line on which it begins."""
    for node in ast.walk(parsed(path)):
        if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        text = ast.get_docstring(node)
        if text:
            yield text, node.body[0].lineno
