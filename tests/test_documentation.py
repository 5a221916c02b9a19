"""Check the documentation against the program: links, commands, Python, the example model, and completeness."""

import ast
import importlib.util
import re
import shlex
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer.main

from matinee.cli.app import app
from matinee.data.splits import make_split
from matinee.evaluation.evaluate import evaluate
from matinee.models.recommender import Recommender
from matinee.models.registry import MODELS, make
from matinee.reports.metrics import METRICS
from tests.contract import test_recommenders as contract
from tests.datasets import checkerboard
from tests.toy_models import Constant

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.glob("*.md")])
SHELLS = {"sh", "bash", "shell", "console"}
EVERYWHERE = {"-h", "--help"}
# Modules of plain types, and the example model of models.md.
OPEN_MODULES = {"matinee.arrays", "matinee.errors", "matinee.message", "matinee.models.follows"}

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def label(page: Path) -> str:
    return str(page.relative_to(ROOT))


@cache
def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def blocks(page: Path, languages: set[str]) -> list[str]:
    """Return the fenced blocks of a page in these languages."""
    return [block for language, block in _FENCE.findall(text_of(page)) if language in languages]


def anchors(page: Path) -> set[str]:
    """Return the fragments of the headings of a page, as GitHub builds them."""
    headings = re.findall(r"^#+ (.*)$", _FENCE.sub("", text_of(page)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def commands(page: Path) -> Iterator[list[str]]:
    """Yield the words of every `matinee` command in the shell blocks of a page."""
    for block in blocks(page, SHELLS):
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line.removeprefix("$ "), comments=True)
            if "matinee" in words and all("=" in word for word in words[: words.index("matinee")]):
                yield words[words.index("matinee") + 1 :]


def command_tree() -> dict[tuple[str, ...], set[str]]:
    """Return the options of every command, by its words."""
    tree: dict[tuple[str, ...], set[str]] = {}

    def walk(command: Any, words: tuple[str, ...]) -> None:
        options = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
        tree[words] = {option for option in options if option.startswith("-")}
        for name, inner in getattr(command, "commands", {}).items():
            walk(inner, (*words, name))

    walk(typer.main.get_command(app), ())
    return tree


TREE = command_tree()


def test_pages_and_commands_are_collected() -> None:
    assert len(PAGES) > 8
    assert sum(1 for page in PAGES for _ in commands(page)) > 15
    assert len(TREE) > 6


@pytest.mark.parametrize("page", PAGES, ids=label)
def test_links_have_a_target(page: Path) -> None:
    for target in _LINK.findall(_FENCE.sub("", text_of(page))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, fragment = target.partition("#")
        linked = (page.parent / path).resolve() if path else page
        assert linked.exists(), f"{label(page)} links to {target}, which does not exist"
        if fragment:
            assert fragment in anchors(linked), f"{label(page)} links to {target}: no such heading"


@pytest.mark.parametrize("page", PAGES, ids=label)
def test_commands_and_their_options_exist(page: Path) -> None:
    for words in commands(page):
        command: tuple[str, ...] = ()
        while len(words) > len(command) and (*command, words[len(command)]) in TREE:
            command = (*command, words[len(command)])
        line = "matinee " + " ".join(words)
        group = any(other[:-1] == command for other in TREE if other)
        assert not group or all(word.startswith("-") for word in words[len(command) :]), f"no such command: {line}"
        options = {word.split("=")[0] for word in words if re.match(r"--?[a-z]", word)}
        assert options <= TREE[command] | EVERYWHERE, f"no such option: {line}"


def test_every_command_and_option_is_documented() -> None:
    page = text_of(DOCS / "cli.md")
    for command, options in TREE.items():
        assert not command or f"matinee {' '.join(command)}" in page, (
            f"cli.md does not show matinee {' '.join(command)}"
        )
        missing = [option for option in options if f"`{option}`" not in page and f"matinee {option}" not in page]
        assert not missing, f"cli.md does not describe {missing} of {command}"


@pytest.mark.parametrize("page", PAGES, ids=label)
def test_python_compiles(page: Path) -> None:
    for block in blocks(page, {"python"}):
        ast.parse(block)


@pytest.mark.parametrize("page", PAGES, ids=label)
def test_python_imports_only_public_names(page: Path) -> None:
    """Public names are in `matinee.__all__`, in the `__all__` of a package, or in one of the open modules."""
    for block in blocks(page, {"python"}):
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.Import):
                assert not [alias.name for alias in node.names if alias.name.startswith("matinee")]
            if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("matinee"):
                continue
            if node.module in OPEN_MODULES:
                continue
            package = importlib.import_module(node.module or "")
            private = {alias.name for alias in node.names} - set(getattr(package, "__all__", ()))
            assert not private, f"{label(page)} imports {sorted(private)} from {node.module}"


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> type[Recommender]:
    """The example model of docs/models.md, imported from a file and registered."""
    source = next(block for block in blocks(DOCS / "models.md", {"python"}) if "(Recommender):" in block)
    path = tmp_path / "follows.py"
    path.write_text(source, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("matinee.models.follows", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    monkeypatch.setitem(MODELS, module.Follows.name, "follows:Follows")
    return module.Follows


def test_the_example_model_keeps_the_contract(example: type[Recommender], tmp_path: Path) -> None:
    data = checkerboard()
    empty = tmp_path / "empty"
    empty.mkdir()
    model = make(example.name).fit(data)
    contract.test_scores_are_finite_float32_for_every_movie(model, data)
    contract.test_saved_and_loaded_scores_the_same(model, data, tmp_path / "saved")
    contract.test_one_history_scores_as_in_a_batch(model, data)
    contract.test_new_users_and_users_without_ratings_get_scores(model, data)
    contract.test_scoring_does_not_change_its_input(model, data)
    contract.test_the_same_seed_gives_the_same_result(model, data)
    contract.test_taste_is_learned((example.name, {}), data)
    contract.test_an_unknown_setting_is_refused_with_the_valid_ones(example.name)
    contract.test_an_unfitted_model_is_refused(example.name, data, empty)
    contract.test_a_second_fit_forgets_the_first(model, data)


@pytest.mark.usefixtures("example")
def test_the_example_test_passes() -> None:
    source = next(block for block in blocks(DOCS / "models.md", {"python"}) if "def test_" in block)
    names: dict[str, Any] = {}
    exec(compile(source, "docs/models.md", "exec"), names)
    tests = [run for name, run in names.items() if name.startswith("test_")]
    assert tests
    for run in tests:
        run()


def test_every_metric_is_documented() -> None:
    report = evaluate({"constant": Constant(4.0)}, make_split(checkerboard(), "leave-last"), ks=[5])
    measured = {key.split("@")[0] for key in report.models[0].metrics}
    registered = {metric.name for metric in METRICS}
    assert {"ndcg", "rmse", "gini"} <= measured <= registered
    missing = [name for name in registered if f"`{name}`" not in text_of(DOCS / "evaluation.md")]
    assert not missing, f"evaluation.md does not describe {missing}"


def test_every_repair_is_documented() -> None:
    readers = ROOT / "src" / "matinee" / "data" / "readers"
    sources = "".join(path.read_text("utf-8") for path in readers.rglob("*.py"))
    kinds = set(re.findall(r'DataIssue\(\s*"([^"]+)"', sources))
    assert len(kinds) > 10
    missing = [kind for kind in kinds if f"| {kind} |" not in text_of(DOCS / "data.md")]
    assert not missing, f"data.md does not describe the repair of {missing}"
