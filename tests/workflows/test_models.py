from pathlib import Path

import pytest

from matinee.data.splits import Split, make_split
from matinee.errors import ConfigError
from matinee.models.registry import make
from matinee.models.runs import save_run
from matinee.workflows.models import limit_memory, load_recipe, select_models
from tests.datasets import checkerboard


@pytest.fixture
def split() -> Split:
    return make_split(checkerboard(), "leave-last")


def test_models_come_from_names_and_recipes(split: Split, tmp_path: Path) -> None:
    recipe = tmp_path / "strict.toml"
    recipe.write_text('model = "ease"\n[settings]\nreg = 7.0\n')
    selected = select_models(["item_cf", str(recipe)], split)
    assert list(selected.models) == ["random", "popularity", "item_cf", "strict"]
    assert selected.models["strict"].config.model_dump()["reg"] == 7.0
    assert selected.fitted == {}


def test_a_run_is_reused_only_if_it_has_not_seen_the_test_part(split: Split, tmp_path: Path) -> None:
    before, whole = tmp_path / "before", tmp_path / "whole"
    save_run(before, make("ease", reg=3).fit(split.before_test), split.before_test, tmp_path)
    save_run(whole, make("ease", reg=3).fit(split.whole), split.whole, tmp_path)
    selected = select_models([str(before), str(whole)], split)
    assert list(selected.fitted) == [str(before)]
    assert selected.models[str(before)].n_movies == split.whole.n_movies
    assert selected.models[str(whole)].n_movies == 0  # to be fitted again, with the same settings
    assert selected.models[str(whole)].config.model_dump()["reg"] == 3


@pytest.mark.parametrize(
    ("content", "fragment"),
    [
        ("reg = 7.0\n", "unknown keys: reg"),
        ("settings = 3\n", "is not a table"),
        ("[settings\n", "not a readable TOML file"),
    ],
)
def test_invalid_recipes_are_refused(tmp_path: Path, content: str, fragment: str) -> None:
    recipe = tmp_path / "recipe.toml"
    recipe.write_text(content)
    with pytest.raises(ConfigError, match=fragment):
        load_recipe(recipe)


def test_a_recipe_need_not_name_a_model(tmp_path: Path) -> None:
    recipe = tmp_path / "recipe.toml"
    recipe.write_text("[settings]\nreg = 7.0\n")
    assert load_recipe(recipe).model is None
    assert load_recipe(recipe).settings == {"reg": 7.0}


def test_memory_is_limited_to_a_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    model = make("ease")
    assert limit_memory(model, 100, budget=10**9).model is model
    assert limit_memory(model, 100, budget=1000).model is not model
    assert limit_memory(model, 100, budget=1000).default_limit is None
    monkeypatch.setattr("matinee.models.memory_budget._MAX_BUDGET", 1000)
    limited = limit_memory(model, 100)
    assert limited.model is not model
    assert limited.default_limit == 1000
