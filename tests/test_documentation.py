"""The documentation, held against the program: links, commands, Python, the example model, and what must be told."""

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
from tests.contract import test_recommenders as contract
from tests.datasets import checkerboard
from tests.toy_models import Constant

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.glob("*.md")])
SHELLS = {"sh", "bash", "shell", "console"}
EVERYWHERE = {"-h", "--help"}

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def label(page: Path) -> str:
    return str(page.relative_to(ROOT))


@cache
def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def blocks(page: Path, languages: set[str]) -> list[str]:
    """The fenced blocks of a page in one of these languages."""
    return [block for language, block in _FENCE.findall(text_of(page)) if language in languages]


def anchors(page: Path) -> set[str]:
    """The fragments that a page's headings can be linked by, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", _FENCE.sub("", text_of(page)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def commands(page: Path) -> Iterator[list[str]]:
    """The words of every `matinee` command in the shell blocks of a page."""
    for block in blocks(page, SHELLS):
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line.removeprefix("$ "), comments=True)
            if "matinee" in words and all("=" in word for word in words[: words.index("matinee")]):
                yield words[words.index("matinee") + 1 :]


def command_tree() -> dict[tuple[str, ...], set[str]]:
    """Every command by its words, with the options it takes."""
    found: dict[tuple[str, ...], set[str]] = {}

    def walk(command: Any, words: tuple[str, ...]) -> None:
        options = {option for one in command.params for option in (*one.opts, *one.secondary_opts)}
        found[words] = {option for option in options if option.startswith("-")}
        for name, inner in getattr(command, "commands", {}).items():
            walk(inner, (*words, name))

    walk(typer.main.get_command(app), ())
    return found


TREE = command_tree()


def test_there_is_something_to_check() -> None:
    assert len(PAGES) > 8
    assert sum(1 for page in PAGES for _ in commands(page)) > 15
    assert len(TREE) > 6


@pytest.mark.parametrize("page", PAGES, ids=label)
def test_links_lead_somewhere(page: Path) -> None:
    for target in _LINK.findall(_FENCE.sub("", text_of(page))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, fragment = target.partition("#")
        linked = (page.parent / path).resolve() if path else page
        assert linked.exists(), f"{label(page)} links to {target}, which is not there"
        if fragment:
            assert fragment in anchors(linked), f"{label(page)} links to {target}: no such heading"


@pytest.mark.parametrize("page", PAGES, ids=label)
def test_commands_and_their_options_exist(page: Path) -> None:
    for words in commands(page):
        command: tuple[str, ...] = ()
        while len(words) > len(command) and (*command, words[len(command)]) in TREE:
            command = (*command, words[len(command)])
        said = "matinee " + " ".join(words)
        group = any(other[:-1] == command for other in TREE if other)
        assert not group or all(word.startswith("-") for word in words[len(command) :]), f"no such command: {said}"
        options = {word.split("=")[0] for word in words if re.match(r"--?[a-z]", word)}
        assert options <= TREE[command] | EVERYWHERE, f"no such option: {said}"


def test_every_command_and_option_is_told() -> None:
    page = text_of(DOCS / "cli.md")
    for command, options in TREE.items():
        assert not command or f"matinee {' '.join(command)}" in page, (
            f"cli.md does not show matinee {' '.join(command)}"
        )
        missing = [option for option in options if f"`{option}`" not in page and f"matinee {option}" not in page]
        assert not missing, f"cli.md does not tell {missing} of {command}"


@pytest.mark.parametrize("page", PAGES, ids=label)
def test_python_compiles(page: Path) -> None:
    for block in blocks(page, {"python"}):
        ast.parse(block)


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> type[Recommender]:
    """The model that docs/models.md shows how to write, imported from a file and registered."""
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
    contract.test_somebody_unknown_and_somebody_without_ratings_are_served(model, data)
    contract.test_scoring_changes_nothing_it_was_given(model, data)
    contract.test_the_same_seed_gives_the_same_result(model, data)
    contract.test_taste_is_learned((example.name, {}), data)
    contract.test_unknown_settings_are_refused_with_the_valid_ones(example.name)
    contract.test_an_unfitted_model_says_so(example.name, data, empty)
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


def settings_in(file: str) -> dict[str, str]:
    """Settings of the config class in a source file, with their defaults as the pages write them.

    Read from the source, since importing a deep model's file takes seconds, or PyTorch is not there.
    """
    found: dict[str, str] = {}
    tree = ast.parse((ROOT / "src" / "matinee" / file).read_text("utf-8"))
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name.endswith("Config")]
    for node in (field for config in classes for field in config.body):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            given = [one.value for one in getattr(node.value, "keywords", []) if one.arg == "default"] or [node.value]
            default = given[0].value if isinstance(given[0], ast.Constant) else ""
            found[node.target.id] = f"{default:g}" if isinstance(default, float) else str(default).lower()
    return found


@pytest.mark.parametrize("name", MODELS)
def test_every_setting_of_a_model_is_told_with_its_default(name: str) -> None:
    row = next(line for line in text_of(DOCS / "models.md").splitlines() if line.startswith(f"| `{name}` |"))
    for setting, default in settings_in(f"models/{MODELS[name].partition(':')[0].replace('.', '/')}.py").items():
        if setting in ("model", "settings"):
            continue  # of one part of a blend
        told = re.search(rf"`{setting}`[^(`]*\(([^)]*)\)", row)
        assert told, f"the row of {name} does not tell {setting}"
        assert default in ("", told[1]), f"the row of {name} says {setting} is {told[1]}, and it is {default}"


def test_every_setting_of_the_training_loop_is_told_with_its_default() -> None:
    settings = settings_in("training/config.py")
    assert len(settings) > 5
    for setting, default in settings.items():
        assert f"| `{setting}` | {default} |" in text_of(DOCS / "training.md")


def test_every_metric_is_told() -> None:
    data = checkerboard()
    report = evaluate({"stars": Constant(4.0)}, make_split(data, "leave-last"), ks=[5])
    names = {metric.split("@")[0] for metric in report.models[0].metrics}
    assert {"ndcg", "rmse", "gini"} <= names
    missing = [name for name in names if f"`{name}`" not in text_of(DOCS / "evaluation.md")]
    assert not missing, f"evaluation.md does not tell {missing}"


def test_everything_that_reading_repairs_is_told() -> None:
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "src" / "matinee" / "data").rglob("*.py"))
    kinds = set(re.findall(r'Finding\(\s*"([^"]+)"', sources))
    assert len(kinds) > 10
    missing = [kind for kind in kinds if f"| {kind} |" not in text_of(DOCS / "data.md")]
    assert not missing, f"data.md does not tell what is done about {missing}"
