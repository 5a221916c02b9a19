"""The rules for names in CONTRIBUTING.md: one word for one thing, one definition per class and per array type."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.source_code import FILES, ROOT, SOURCE, Identifier, identifiers, label, parsed, string_literals
from tests.test_architecture import check

FILLERS = {"one", "told", "said", "found", "made", "given", "asked", "kept", "wanted", "known", "place", "places"}
# Words with one standard replacement. The exceptions below quote foreign data or are a unit.
VOCABULARY = {
    "film": "movie",
    "films": "movies",
    "person": "user",
    "people": "users",
    "somebody": "user",
    "everybody": "users",
    "nobody": "none",
    "anybody": "user",
    "place": "rank, row, path or coordinate",
    "places": "ranks, rows, paths or coordinates",
    "stars": "rating",
    "star": "rating",
    "told": "shown, reported or text",
}
# Identifiers that keep such a word, because it is a unit, a shape, or a name in foreign data.
ALLOWED = {
    "_WHOLE_STARS",  # steps of a rating scale
    "_HALF_STARS",
    "_star",  # the shape, on a poster
    "star",
    "in_stars",  # the unit of a metric
    "chance_within_a_star",
}
USER_INTERFACES = ("service/web/",)  # pages show ratings in stars
MAX_TEST_NAME = 70
# Tests and benchmarks keep the same rules, and may use the unit of pages.
OTHER_CODE = [path for folder in ("tests", "benchmarks") for path in sorted((ROOT / folder).rglob("*.py"))]
METRIC_FILES = {"reports/metrics.py", "evaluation/metrics.py"}
# "diversity" is also a setting of a request, and "coverage" an everyday word: they are metrics with a cut-off only.
METRIC = re.compile(r"(ndcg|mrr|recall|novelty|gini|rmse|mae)(@\d*)?|(diversity|coverage|hit|precision)@\d*")


def relative(path: Path) -> str:
    return str(path.relative_to(SOURCE))


def filler_names() -> Iterator[str]:
    for path in [*FILES, *OTHER_CODE]:
        for name, line in identifiers(path):
            if name.strip("_") in FILLERS:
                yield f"{label(path)}:{line}: {name}"


def foreign_vocabulary() -> Iterator[str]:
    for path in [*FILES, *OTHER_CODE]:
        in_pages = path in OTHER_CODE or relative(path).startswith(USER_INTERFACES)
        for identifier in identifiers(path):
            if identifier.name in ALLOWED:
                continue
            words = set(identifier.words) - ({"star", "stars"} if in_pages else set())
            for word in VOCABULARY.keys() & words:
                yield f"{label(path)}:{identifier.line}: {identifier.name} ({word} -> {VOCABULARY[word]})"


def repeated_classes() -> Iterator[str]:
    definitions_of: dict[str, list[str]] = defaultdict(list)
    for path in FILES:
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                definitions_of[node.name].append(f"{label(path)}:{node.lineno}")
    for name, definitions in sorted(definitions_of.items()):
        if len(definitions) > 1:
            yield f"{name}: {', '.join(definitions)}"


def array_aliases() -> Iterator[str]:
    for path in FILES:
        if relative(path) == "arrays.py":
            continue
        for node in ast.walk(parsed(path)):
            value = getattr(node, "value", None)
            is_alias = isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(value, ast.Subscript)
            if is_alias and ast.unparse(value.value).endswith("NDArray"):
                yield f"{label(path)}:{node.lineno}: {ast.unparse(node)}"


def metric_literals() -> Iterator[str]:
    for path in FILES:
        if relative(path) not in METRIC_FILES:
            for text, line in string_literals(path):
                if METRIC.fullmatch(text):
                    yield f"{label(path)}:{line}: {text!r}"


def long_test_names() -> Iterator[str]:
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and len(node.name) > MAX_TEST_NAME:
                yield f"{label(path)}:{node.lineno}: {node.name} ({len(node.name)} letters)"


def test_identifiers_are_split_into_words() -> None:
    assert Identifier("MovieRows_of2d", 1).words == ["movie", "rows", "of2d"]


def test_names_say_something() -> None:
    check(filler_names(), "Name the thing; a loop variable is the singular of what is iterated.")


def test_one_word_for_one_thing() -> None:
    check(foreign_vocabulary(), "Use the word of CONTRIBUTING.md, or add foreign data to ALLOWED.")


def test_allowed_names_are_still_used() -> None:
    used = {identifier.name for path in FILES for identifier in identifiers(path)}
    assert not ALLOWED - used, f"remove from ALLOWED: {sorted(ALLOWED - used)}"


def test_class_names_are_unique() -> None:
    check(repeated_classes(), "Give each class a name of its own.")


def test_test_names_are_short() -> None:
    check(long_test_names(), f"State the fact in at most {MAX_TEST_NAME} letters.")


def test_array_types_are_defined_once() -> None:
    check(array_aliases(), "Import the type from matinee.arrays, or add it there.")


def test_metric_names_are_written_once() -> None:
    check(metric_literals(), "Use METRICS of matinee.reports.metrics.")
