"""The house rules that a machine can check: import directions, names, sizes, and nothing that runs on load."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "matinee"
FILES = sorted(SOURCE.rglob("*.py"))

# What each folder may import from the others, besides arrays, errors and progress, which all may.
MAY_IMPORT = {
    "data": set(),
    "index": set(),
    "artwork": set(),
    "features": {"data"},
    "training": {"data", "features"},
    "models": {"data", "features", "training", "index"},
    "evaluation": {"data", "features", "training", "models", "index", "pipeline"},
    "pipeline": {"data", "features", "models", "index"},
    "store": set(),
    "service": {"pipeline", "store", "data", "models", "artwork"},
}
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "base", "core", "misc"}
LONGEST_FILE, LONGEST_FUNCTION, MOST_PARAMETERS = 350, 60, 8


def label(path: Path) -> str:
    return str(path.relative_to(SOURCE))


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported_folders(tree: ast.Module) -> set[str]:
    modules: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            modules |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
    parts = [module.split(".") for module in modules]
    return {part[1] for part in parts if part[0] == "matinee" and len(part) > 1}


def test_there_is_something_to_check() -> None:
    assert len(FILES) > 20


@pytest.mark.parametrize("path", FILES, ids=label)
def test_imports_run_one_way(path: Path) -> None:
    folder = path.relative_to(SOURCE).parts[0]
    if folder not in MAY_IMPORT:
        return  # cli may import everything; errors, progress and __init__ are looked at below
    foreign = (imported_folders(parsed(path)) & MAY_IMPORT.keys()) - {folder}
    assert foreign <= MAY_IMPORT[folder], f"{folder}/ must not import {foreign - MAY_IMPORT[folder]}"
    assert "cli" not in imported_folders(parsed(path))


@pytest.mark.parametrize("name", ["arrays.py", "errors.py", "progress.py", "__init__.py"])
def test_the_lowest_files_import_nothing_of_ours(name: str) -> None:
    assert not imported_folders(parsed(SOURCE / name))


@pytest.mark.parametrize("path", FILES, ids=label)
def test_names_say_what_is_inside(path: Path) -> None:
    for part in path.relative_to(SOURCE).with_suffix("").parts:
        assert not BANNED_NAMES & set(part.split("_"))


@pytest.mark.parametrize("path", FILES, ids=label)
def test_files_and_functions_can_be_seen_whole(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno < LONGEST_FUNCTION, node.name
            if "cli" not in path.parts:  # a command has an option per parameter
                assert len(node.args.args) + len(node.args.kwonlyargs) <= MOST_PARAMETERS, node.name


@pytest.mark.parametrize("path", FILES, ids=label)
def test_nothing_that_runs_code_when_loaded(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\b(pickle|joblib|cloudpickle|dill|shelve|marshal)\b", text)
    assert not re.search(r"\ballow_pickle\s*=\s*True\b", text)
    assert not re.search(r"torch\.load\((?![^)]*weights_only=True)", text)
    assert not re.search(r"(?<![.\w])(eval|exec)\(", text)


@pytest.mark.parametrize("path", FILES, ids=label)
def test_nothing_is_left_for_later(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"#\s*(TODO|FIXME|XXX|HACK)|NotImplementedError", text)


@pytest.mark.parametrize("path", FILES, ids=label)
def test_sql_lives_in_the_store(path: Path) -> None:
    if path.relative_to(SOURCE).parts[0] != "store":
        assert not re.search(r"\bimport (sqlite3|sqlalchemy)\b|\bfrom (sqlite3|sqlalchemy)\b", path.read_text("utf-8"))


def test_every_test_file_mirrors_a_source_file() -> None:
    """Except those of whole behaviours: contract/, journeys/, and the test modules that serve others."""
    ours = {label(path) for path in FILES}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        relative = path.relative_to(ROOT / "tests")
        if len(relative.parts) == 1 or relative.parts[0] in ("contract", "journeys"):
            continue
        mirrored = str(relative.with_name(relative.name.removeprefix("test_")))
        assert mirrored in ours or relative.name == "test_broken_inputs.py", f"{relative} mirrors no source file"


def test_every_dependency_is_justified() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    required = [
        *project["dependencies"],
        *(one for group in project["optional-dependencies"].values() for one in group),
    ]
    names = {re.split(r"[<>=\[ ;]", one)[0] for one in required} - {"matinee"}
    page = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    missing = [name for name in sorted(names) if f"| `{name}` |" not in page]
    assert not missing, f"docs/dependencies.md has no row for {missing}"


def test_every_folder_and_model_has_its_documentation() -> None:
    from matinee.models.registry import MODELS

    folders = {path.parent.name for path in SOURCE.glob("*/__init__.py")}
    missing = [folder for folder in sorted(folders) if not (ROOT / "docs" / f"{folder}.md").exists()]
    assert not missing, f"docs/ has no page for {missing}"
    page = (ROOT / "docs" / "models.md").read_text("utf-8")
    assert all(f"| `{name}` |" in page for name in MODELS)
