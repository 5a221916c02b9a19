from inspect import get_annotations
from pathlib import Path

import pytest

from matinee.models.recommender import fields_of
from matinee.models.registry import MODELS
from matinee.models.settings_table import SHARED_SETTINGS, config_class, main, rewrite_blocks, settings_table

DOCS = Path(__file__).parents[2] / "docs"
COMMAND = "python -m matinee.models.settings_table docs/models.md docs/training.md"

# Other names for what SHARED_SETTINGS has a name for.
SYNONYMS = {"width", "length", "learning_rate", "ridge", "l2", "start", "embedding", "factors", "hidden", "layers"}


@pytest.mark.parametrize("page", ["models.md", "training.md"])
def test_settings_tables_of_the_docs_are_current(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    assert rewrite_blocks(text) == text, f"docs/{page} has stale tables of settings. Run: {COMMAND}"


@pytest.mark.parametrize("name", [*MODELS, "shared"])
def test_every_model_has_a_table_in_the_docs(name: str) -> None:
    text = (DOCS / "models.md").read_text(encoding="utf-8")
    assert f"<!-- settings: {name} -->" in text, f"docs/models.md has no block for the settings of {name}"


def test_the_training_loop_has_a_table_in_the_docs() -> None:
    assert "<!-- settings: training -->" in (DOCS / "training.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [*MODELS, "training"])
def test_every_setting_is_described_and_named_as_agreed(name: str) -> None:
    for setting, field in fields_of(config_class(name)).items():
        assert field.description, f"{name}: {setting} has no description"
        assert setting not in SYNONYMS, f"{name}: {setting} has another name in SHARED_SETTINGS"


def test_settings_of_several_models_are_on_the_shared_list() -> None:
    owners: dict[str, set[type]] = {}
    for name in [*MODELS, "training"]:
        for base in config_class(name).__mro__:
            for setting in get_annotations(base).keys() & config_class(name).model_fields.keys():
                owners.setdefault(setting, set()).add(base)
    several = {setting for setting, classes in owners.items() if len(classes) > 1}
    assert several, "no setting is shared"
    assert several <= SHARED_SETTINGS.keys(), f"missing in SHARED_SETTINGS: {sorted(several - SHARED_SETTINGS.keys())}"


def test_defaults_are_written_for_readers() -> None:
    assert "| `reg` | 500 | strength of the L2 penalty |" in settings_table("ease")
    assert "| `parts` | `slist`, `ease` with `half_life` 4, `ease` |" in settings_table("blend")
    assert "| `hidden_dims` | none |" in settings_table("dssm")
    assert "| `training` | `epochs` 40, `patience` 3, `batch_size` 16, `lr` 0.002 |" in settings_table("dssm")
    assert settings_table("popularity") == "It has no settings.\n"


def test_the_command_rewrites_stale_blocks_only(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- settings: random -->\nstale\n<!-- /settings -->\nafter\n")
    assert main([str(page)]) == 0
    text = page.read_text()
    assert text == f"before\n<!-- settings: random -->\n{settings_table('random')}<!-- /settings -->\nafter\n"
    assert rewrite_blocks(text) == text
    assert main([]) == 2
