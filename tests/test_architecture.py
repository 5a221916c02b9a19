"""The structural rules of CONTRIBUTING.md that a machine can check: imports, sizes, and safe files.

Each rule is a function that lists its violations as `file:line: problem`, so that a failure shows all of them at once.
"""

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.source_code import FILES, ROOT, SOURCE, imported_modules, label, parsed, text_of

# What each folder may import besides the top-level files. `cli` and `workflows` are the only callers of most others.
MAY_IMPORT: dict[str, set[str]] = {
    "data": set(),
    "index": set(),
    "artwork": set(),
    "store": set(),
    "features": {"data"},
    "training": {"data", "features"},
    "models": {"data", "features", "training", "index"},
    "pipeline": {"data", "features", "models", "index"},
    "i18n": {"data", "models", "pipeline"},
    "reports": {"data", "i18n"},
    "evaluation": {"data", "features", "training", "models", "index", "pipeline", "i18n", "reports"},
    "workflows": {"data", "store", "features", "training", "models", "index", "pipeline", "i18n"}
    | {"reports", "evaluation"},
    "service": {"data", "index", "artwork", "store", "models", "pipeline", "i18n", "reports"},
    "cli": {"data", "features", "training", "models", "index", "pipeline", "i18n", "reports", "evaluation"}
    | {"workflows", "store", "service"},
}
TOP_LEVEL_FILES = ("arrays.py", "errors.py", "message.py", "progress.py")
BANNED_MODULE_WORDS = {"utils", "util", "helpers", "helper", "common", "manager", "base", "core", "misc"}
MAX_FILE_LINES, MAX_FUNCTION_LINES, MAX_PARAMETERS, MIN_FILE_LINES = 350, 60, 8, 30
MAX_MODULES, MAX_SERVICE_ENTRIES = 20, 12
# These files list entries, one line each, or have the name and place that a tool requires, so they may be short.
MAY_BE_SHORT = {"__init__.py", "__main__.py", "registry.py", "formats.py", "arrays.py", "env.py"}
RUNS_CODE_WHEN_LOADED = (
    r"\b(pickle|joblib|cloudpickle|dill|shelve|marshal)\b",
    r"\ballow_pickle\s*=\s*True\b",
    r"torch\.load\((?![^)]*weights_only=True)",
    r"(?<![.\w])(eval|exec)\(",
)


def check(violations: Iterable[str], fix: str) -> None:
    """Fail if there are violations, with the fix and each of them."""
    lines = sorted(violations)
    if lines:
        pytest.fail("\n".join([f"{len(lines)} violations. {fix}", *lines]), pytrace=False)


def lines_that_match(pattern: str, paths: Iterable[Path] = FILES) -> Iterator[str]:
    for path in paths:
        for number, line in enumerate(text_of(path).splitlines(), start=1):
            if re.search(pattern, line):
                yield f"{label(path)}:{number}: {line.strip()}"


def folder_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0]


def forbidden_imports() -> Iterator[str]:
    for path in FILES:
        folder = folder_of(path)
        if folder == "__init__.py":  # the public names of all packages, imported on first use
            continue
        imported = {module.split(".")[1] for module in imported_modules(path)} - {folder}
        allowed = MAY_IMPORT.get(folder, set())
        for other in sorted(imported & MAY_IMPORT.keys() - allowed):
            yield f"{label(path)}: {folder} imports {other}"
        if folder == "reports":
            modules = {module for module in imported_modules(path) if module.startswith("matinee.data.")}
            yield from (
                f"{label(path)}: reports imports {module}"
                for module in sorted(modules)
                if not module.startswith("matinee.data.files")
            )


def top_level_imports() -> Iterator[str]:
    for name in TOP_LEVEL_FILES:
        path = SOURCE / name
        own = {module for module in imported_modules(path) if module.split(".")[1] in MAY_IMPORT}
        yield from (f"{label(path)}: imports {module}" for module in sorted(own))


def vague_module_names() -> Iterator[str]:
    for path in FILES:
        for part in path.relative_to(SOURCE).with_suffix("").parts:
            if BANNED_MODULE_WORDS & set(part.split("_")):
                yield label(path)


def long_or_wide_code() -> Iterator[str]:
    for path in FILES:
        n_lines = len(text_of(path).splitlines())
        if n_lines > MAX_FILE_LINES:
            yield f"{label(path)}: {n_lines} lines, at most {MAX_FILE_LINES}"
        for node in ast.walk(parsed(path)):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            length = (node.end_lineno or node.lineno) - node.lineno
            if length >= MAX_FUNCTION_LINES:
                yield f"{label(path)}:{node.lineno}: {node.name} has {length + 1} lines, at most {MAX_FUNCTION_LINES}"
            parameters = len(node.args.args) + len(node.args.kwonlyargs)
            if folder_of(path) != "cli" and parameters > MAX_PARAMETERS:  # a command has one parameter per option
                yield f"{label(path)}:{node.lineno}: {node.name} has {parameters} parameters, at most {MAX_PARAMETERS}"


def short_files() -> Iterator[str]:
    for path in FILES:
        n_lines = len(text_of(path).splitlines())
        if path.name not in MAY_BE_SHORT and n_lines < MIN_FILE_LINES:
            yield f"{label(path)}: {n_lines} lines"


def crowded_folders() -> Iterator[str]:
    counts = Counter(path.parent for path in FILES if path.name != "__init__.py")
    for folder, n_modules in sorted(counts.items()):
        if n_modules > MAX_MODULES:
            yield f"{label(folder)}: {n_modules} modules, at most {MAX_MODULES}"
    entries = {path.name for path in (SOURCE / "service").iterdir()} - {"__init__.py", "__pycache__"}
    if len(entries) > MAX_SERVICE_ENTRIES:
        yield f"src/matinee/service: {len(entries)} entries, at most {MAX_SERVICE_ENTRIES}"


def unmatched_test_files() -> Iterator[str]:
    """Test files without a source file, except contract/, journeys/, and the rules at the top of tests/."""
    sources = {path.relative_to(SOURCE) for path in FILES}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        relative = path.relative_to(ROOT / "tests")
        if len(relative.parts) == 1 or relative.parts[0] in ("contract", "journeys"):
            continue
        if relative.with_name(relative.name.removeprefix("test_")) not in sources | {
            Path("data/readers/broken_inputs.py")
        }:
            yield label(path)


def test_the_sources_are_found() -> None:
    assert len(FILES) > 200
    folders = {path.parent.name for path in SOURCE.glob("*/__init__.py")}
    assert folders == MAY_IMPORT.keys(), f"MAY_IMPORT and src/matinee differ in {folders ^ MAY_IMPORT.keys()}"


def test_import_rules_have_no_cycle() -> None:
    remaining = {folder: set(others) for folder, others in MAY_IMPORT.items()}
    while remaining:
        free = [folder for folder, others in remaining.items() if not others & remaining.keys()]
        assert free, f"these folders may import each other: {sorted(remaining)}"
        for folder in free:
            del remaining[folder]


def test_imports_run_one_way() -> None:
    check(forbidden_imports(), "Move the code down, or pass the value in: see MAY_IMPORT.")


def test_top_level_files_import_no_folder() -> None:
    check(top_level_imports(), "All folders import these files, so they import none of them.")


def test_module_names_are_specific() -> None:
    check(vague_module_names(), f"Name the content. Banned words: {sorted(BANNED_MODULE_WORDS)}.")


def test_files_and_functions_are_short() -> None:
    check(long_or_wide_code(), "Split it, or group its parameters in a dataclass.")


def test_files_are_not_tiny() -> None:
    check(short_files(), f"Merge files of less than {MIN_FILE_LINES} lines into their caller.")


def test_folders_are_small() -> None:
    check(crowded_folders(), "Group modules in a sub-package.")


def test_loading_a_file_runs_no_code() -> None:
    lines = [line for pattern in RUNS_CODE_WHEN_LOADED for line in lines_that_match(pattern)]
    check(lines, "Store numbers in safetensors or Parquet, and the rest in JSON.")


def test_no_work_is_left_for_later() -> None:
    check(lines_that_match(r"#\s*(TODO|FIXME|XXX|HACK)|NotImplementedError"), "Finish it, or open an issue.")


def test_sql_is_only_in_the_store() -> None:
    others = [path for path in FILES if folder_of(path) != "store"]
    check(
        lines_that_match(r"\bimport (sqlite3|sqlalchemy)\b|\bfrom (sqlite3|sqlalchemy)\b", others),
        "Add a method to a class in src/matinee/store.",
    )


def test_every_test_file_mirrors_a_source_file() -> None:
    check(unmatched_test_files(), "Name it after the file it tests: tests/a/test_b.py for src/matinee/a/b.py.")


def test_every_dependency_is_justified() -> None:
    project = tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    names = {re.split(r"[<>=\[ ;]", requirement)[0] for group in groups for requirement in group} - {"matinee"}
    page = text_of(ROOT / "docs" / "dependencies.md")
    rows = set(re.findall(r"^\| `([\w-]+)` \|", page, re.MULTILINE))
    assert not names - rows, f"docs/dependencies.md has no row for {sorted(names - rows)}"
    assert not rows - names, f"docs/dependencies.md has rows for {sorted(rows - names)}, which pyproject.toml lacks"


def test_every_folder_has_a_documentation_page() -> None:
    page = text_of(ROOT / "docs" / "architecture.md")
    pages = {
        row[1]: re.findall(r"\(([a-z_]+\.md)\)", row[2]) for row in re.finditer(r"^\| `(\w+)` \|(.*)$", page, re.M)
    }
    missing = [folder for folder in MAY_IMPORT if not pages.get(folder)]
    assert not missing, f"the table of docs/architecture.md has no page for {missing}"
    files = {file for folder in MAY_IMPORT for file in pages[folder]}
    assert all((ROOT / "docs" / file).exists() for file in files), f"docs/ lacks one of {sorted(files)}"


def test_files_named_in_the_pages_exist() -> None:
    """`filters.py` alone stands for any file of that name; names with `<` are patterns."""
    names = {path.name for path in FILES}
    for page in ("CONTRIBUTING.md", "docs/architecture.md"):
        for name in re.findall(r"`([\w/]+\.py)`", text_of(ROOT / page)):
            exists = (SOURCE / name).exists() or (ROOT / name).exists() or ("/" not in name and name in names)
            assert exists, f"{page} names {name}, which does not exist"


def test_every_model_has_a_documentation_row() -> None:
    from matinee.models.registry import MODELS

    page = text_of(ROOT / "docs" / "models.md")
    missing = [name for name in MODELS if f"| `{name}` |" not in page]
    assert not missing, f"docs/models.md has no row for {missing}"
