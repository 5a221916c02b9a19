"""Find the texts to translate in Python code, as an extraction method of Babel: see `babel.cfg`.

Babel's own method reads tokens, so it miscounts the arguments of `Message("...", {"n": 3}, "...", 3)`. This one reads
the syntax tree. Texts are the first string arguments of these calls, written as functions or methods:

- `Message(text)` and `Message(text, params, plural, n)`
- `gettext(language, text)`, `context.gettext(text)` and `N_(text)`
- `ngettext(language, singular, plural, n)`

and the attribute `description = "..."` of a class, which models have.
"""

import ast
from collections.abc import Iterator
from typing import Any, BinaryIO

Extracted = tuple[int, str, str | tuple[str, str], list[str]]
_PLURAL_ARGUMENT = 2


def extract_python(
    file: BinaryIO, keywords: Any = None, comment_tags: Any = None, options: Any = None
) -> Iterator[Extracted]:
    """Yield the line, the function, the texts and no comments of each call that marks a text."""
    del keywords, comment_tags, options  # Babel passes them; the calls are fixed
    for node in ast.walk(ast.parse(file.read())):
        if isinstance(node, ast.ClassDef):
            yield from _descriptions(node)
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name == "Message":
            yield from _message(node)
        elif name in ("gettext", "N_"):
            texts = [choices for argument in node.args[:2] if (choices := _strings(argument))]
            yield from ((node.lineno, "gettext", text, []) for choices in texts[:1] for text in choices)
        elif name == "ngettext":
            texts = [choices[0] for argument in node.args[:3] if (choices := _strings(argument))]
            if len(texts) == 2:
                yield node.lineno, "ngettext", (texts[0], texts[1]), []


def _descriptions(node: ast.ClassDef) -> Iterator[Extracted]:
    for statement in node.body:
        if isinstance(statement, ast.Assign) and [*map(ast.unparse, statement.targets)] == ["description"]:
            yield from ((statement.lineno, "gettext", text, []) for text in _strings(statement.value))


def _message(node: ast.Call) -> Iterator[Extracted]:
    named = {keyword.arg: keyword.value for keyword in node.keywords}
    text = node.args[0] if node.args else named.get("text")
    plural = node.args[_PLURAL_ARGUMENT] if len(node.args) > _PLURAL_ARGUMENT else named.get("plural")
    texts, plurals = _strings(text), _strings(plural)
    if plurals:
        yield from ((node.lineno, "ngettext", pair, []) for pair in zip(texts, plurals, strict=True))
    else:
        yield from ((node.lineno, "gettext", text, []) for text in texts)


def _strings(node: ast.expr | None) -> list[str]:
    """The string an argument is, or the strings that a conditional expression chooses from."""
    if isinstance(node, ast.IfExp):
        return _strings(node.body) + _strings(node.orelse)
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value else []
