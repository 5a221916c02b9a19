import json
from pathlib import Path

import pytest

from matinee.message import Message
from tests.cli.conftest import Cli


def test_evaluate_prints_writes_json_and_a_report_card(cli: Cli, dataset_folder: Path) -> None:
    outcome = cli(
        "evaluate", "slist", "--data", dataset_folder, "--k", "1,5", "--json", "out.json", "--html", "card.html"
    )
    assert outcome.code == 0, outcome.err
    report = json.loads(Path("out.json").read_text())
    assert [model["name"] for model in report["models"]] == ["random", "popularity", "slist"]
    assert report["protocol"]["split"] == "leave-last"
    # The walk along the ring can be learned perfectly.
    assert report["models"][2]["metrics"]["hr@1"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert "slist is better than random" in outcome.out
    assert "slist" in Path("card.html").read_text()


def test_a_recipe_is_evaluated_under_its_own_name(cli: Cli, dataset_folder: Path) -> None:
    Path("steep.toml").write_text('model = "ease"\n[settings]\nreg = 1.5\nhalf_life = 1.0\n')
    assert cli("evaluate", "ease", "steep.toml", "--data", dataset_folder, "--k", "1", "--json", "out.json").code == 0
    models = {model["name"]: model["settings"] for model in json.loads(Path("out.json").read_text())["models"]}
    assert models["steep"]["half_life"] == 1.0
    assert models["ease"]["half_life"] is None


def test_a_run_that_has_seen_test_ratings_is_fitted_again(cli: Cli, dataset_folder: Path) -> None:
    cli(
        "train",
        "slist",
        "--data",
        dataset_folder,
        "--out",
        "runs/slist",
        "--set",
        "reg=2.0",
        "--split",
        "leave-last",
    )
    assert cli("evaluate", "slist", "runs/slist", "--data", dataset_folder, "--k", "1", "--json", "out.json").code == 0
    models = {model["name"]: model for model in json.loads(Path("out.json").read_text())["models"]}
    assert models["runs/slist"]["settings"]["reg"] == 2.0
    assert models["runs/slist"]["fit_seconds"] > 0
    assert models["runs/slist"]["note"] == ""


def test_a_finished_training_is_reused_from_its_checkpoint(cli: Cli, dataset_folder: Path) -> None:
    Path("sas.toml").write_text(
        'model = "sasrec"\n[settings]\nembedding_dim = 8\nmax_length = 4\n[settings.training]\nepochs = 3\n'
    )
    command = ("evaluate", "sas.toml", "--data", dataset_folder, "--checkpoints", "checkpoints", "--json")
    assert cli(*command, "first.json").code == 0
    (checkpoint,) = Path("checkpoints").rglob("checkpoint.safetensors")
    modified = checkpoint.stat().st_mtime_ns
    assert cli(*command, "second.json").code == 0
    assert checkpoint.stat().st_mtime_ns == modified  # no epoch was added
    first, second = (
        json.loads(Path(name).read_text())["models"][-1]["metrics"] for name in ("first.json", "second.json")
    )
    assert first == second


def test_users_and_memory_can_be_limited(cli: Cli, dataset_folder: Path) -> None:
    command = ("evaluate", "blend", "ease", "--data", dataset_folder, "--k", "1", "--json", "out.json")
    outcome = cli(*command, "--users", "9", "--memory", "1kb")
    assert outcome.code == 0, outcome.err
    report = json.loads(Path("out.json").read_text())
    assert report["protocol"]["tested_users"] == 9
    assert "9 of 40 test users are evaluated" in " ".join(outcome.out.split())
    models = {model["name"]: model for model in report["models"]}
    assert models["blend"]["settings"]["head"] == 6  # 26 bytes for each pair of movies
    assert models["ease"]["settings"]["head"] == 9  # 12 bytes
    assert str(Message.from_json(models["ease"]["solver"][0])).startswith("ease: the 9 most-rated movies densely")
    assert "the memory that is free" not in outcome.err
    assert cli(*command, "--users", "all").code == 0
    assert json.loads(Path("out.json").read_text())["protocol"]["tested_users"] == 40
    for users in ("0", "some", "-3", "²"):
        refused = cli(*command, "--users", users)
        assert refused.code == 2
        assert f"--users {users}: not a number of users" in refused.err


def test_the_default_budget_is_shown_if_it_limits_a_model(
    cli: Cli, dataset_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = ("evaluate", "ease", "--data", dataset_folder, "--k", "1")
    assert "Use --memory to change this" not in cli(*command).err
    monkeypatch.setattr("matinee.models.memory_budget._MAX_BUDGET", 300)
    assert "Use --memory to change this" in " ".join(cli(*command).err.split())
