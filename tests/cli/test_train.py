import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from matinee.models.registry import make
from matinee.models.runs import load_run
from tests.cli.conftest import Cli


def test_train_then_recommend_then_similar(cli: Cli, dataset_folder: Path) -> None:
    outcome = cli(
        "train", "ease", "--data", dataset_folder, "--out", "runs/ease", "--set", "reg=5", "--set", "half_life=none"
    )
    assert outcome.code == 0, outcome.err
    settings = json.loads(Path("runs/ease/settings.json").read_text())
    assert settings["config"]["reg"] == 5
    assert settings["config"]["half_life"] is None
    card = Path("runs/ease/MODEL_CARD.md").read_text()
    assert "ndcg@" in card
    figures = json.loads(Path("runs/ease/metrics.json").read_text())
    assert figures["protocol"]["split"] == "leave-last"

    outcome = cli("recommend", "--run", "runs/ease", "--user", "1000", "-k", "2", "--json", "list.json")
    assert outcome.code == 0, outcome.err
    movies = json.loads(Path("list.json").read_text())
    # User 1000 walked the even ring from 100 to 106: 108 and 110 are left.
    assert {movie["movie_id"] for movie in movies} == {108, 110}
    assert set(movies[0]) == {"movie_id", "title", "year", "score", "predicted_rating", "reasons", "sources"}
    assert movies[0]["reasons"][0].startswith("because you liked Movie 1")

    outcome = cli("similar", "movie 101", "--run", "runs/ease", "-k", "3", "--json", "similar.json")
    assert outcome.code == 0, outcome.err
    similar_movies = json.loads(Path("similar.json").read_text())
    assert len(similar_movies) == 3
    assert all(movie["movie_id"] % 2 for movie in similar_movies)
    assert all(movie["shared_genres"] == ["Odd"] for movie in similar_movies)
    assert "shared genres" in outcome.out


@pytest.fixture
def run(cli: Cli, dataset_folder: Path) -> Path:
    """A run that recommends even movies to users who like even ones."""
    assert cli("train", "item_cf", "--data", dataset_folder, "--out", "run").code == 0
    return Path("run")


def ids(path: str) -> list[int]:
    return [movie["movie_id"] for movie in json.loads(Path(path).read_text())]


def test_without_a_user_the_list_starts_with_questions(cli: Cli, run: Path) -> None:
    outcome = cli("recommend", "--run", run, "--json", "list.json")
    assert outcome.code == 0, outcome.err
    options = pl.read_parquet(run / "catalogue.parquet").drop_nulls("question").sort("question")["movie_id"].to_list()
    assert ids("list.json")[: len(options)] == options[:10]
    assert "we do not know your taste yet" in outcome.out
    assert "Liked" not in outcome.out


def test_a_request_has_one_user(cli: Cli, run: Path) -> None:
    for command in (("recommend",), ("why", "movie 104")):
        for other_option in (("--like", "movie 100"), ("--dislike", "movie 100")):
            outcome = cli(*command, "--run", run, "--user", "1000", *other_option)
            assert outcome.code == 2
            assert outcome.err.count("\n") == 1
            assert "--user and --like each describe a user" in outcome.err


def test_filters_and_diversity_apply(cli: Cli, run: Path) -> None:
    likes = ("recommend", "--run", run, "--like", "movie 100", "--like", "movie 102", "--json", "list.json")
    assert cli(*likes, "-k", "4").code == 0
    assert sorted(ids("list.json")) == [104, 106, 108, 110]
    assert cli(*likes, "--years", "1974-1977").code == 0  # movie 100 is of 1970, and each is a year later
    assert sorted(ids("list.json")) == [104, 105, 106, 107]
    assert sorted(ids("list.json")[:2]) == [104, 106]
    assert cli(*likes, "--genre", "odd", "--years", "-1973").code == 0
    assert sorted(ids("list.json")) == [101, 103]
    assert cli(*likes, "--exclude-genre", "Odd", "--years", "1978-").code == 0
    assert sorted(ids("list.json")) == [108, 110]
    assert cli(*likes, "--years", "1981").code == 0
    assert ids("list.json") == [111]
    assert cli(*likes, "--not-interested", "movie 104").code == 0
    assert sorted(ids("list.json")) == [101, 103, *range(105, 112)]
    assert cli(*likes, "--diversity", "1", "-k", "2").code == 0
    assert [movie % 2 for movie in ids("list.json")] == [0, 1]


def test_exploration_depends_on_the_seed(cli: Cli, run: Path) -> None:
    lists: list[list[int]] = []
    for seed in (1, 1, 2):
        arguments = ("--like", "movie 100", "--exploration", "2", "--seed", seed, "--json", "list.json")
        assert cli("recommend", "--run", run, *arguments).code == 0
        lists.append(ids("list.json"))
    assert lists[0] == lists[1] != lists[2]


@pytest.mark.parametrize(
    ("options", "fragments"),
    [
        (("--years", "nineties"), ["--years nineties", "1990-1999"]),
        (("--years", "-"), ["--years -", "1990-1999"]),
        (("--years", "90-99"), ["--years 90-99"]),
        (("--years", "²²²²-"), ["--years ²²²²-"]),
        (("--genre", "western"), ["genres 'western'", "Even, Odd"]),
        (("--language", "en"), ["no column 'language'"]),
        (("--max-runtime", "90"), ["no column 'runtime'"]),
        (("--dislike", "movie 999"), ["'movie 999'", "nearest"]),
        (("--not-interested", "movie 999"), ["'movie 999'", "nearest"]),
        (("--rating-run", "run"), ["run of item_cf", "cannot predict ratings"]),
        (("--content-run", "run"), ["run of item_cf", "cannot rank new movies"]),
    ],
)
def test_invalid_requests_give_one_line(cli: Cli, run: Path, options: tuple[str, ...], fragments: list[str]) -> None:
    outcome = cli("recommend", "--run", run, "--like", "movie 100", *options)
    assert outcome.code == 2
    assert outcome.err.count("\n") == 1, outcome.err
    assert all(fragment in outcome.err for fragment in fragments), outcome.err


def test_movies_similar_to_a_dislike_move_down(cli: Cli, run: Path) -> None:
    arguments = ("recommend", "--run", run, "--like", "movie 100", "--like", "movie 101", "--json", "list.json")
    assert cli(*arguments, "--like", "movie 103").code == 0
    assert ids("list.json")[0] % 2
    outcome = cli(*arguments, "--dislike", "movie 103")
    assert outcome.code == 0
    assert ids("list.json")[0] % 2 == 0
    assert 103 not in ids("list.json")
    assert "liked Movie 103" not in outcome.out


def test_why_lists_reasons_for_and_against(cli: Cli, run: Path) -> None:
    likes = ("--like", "movie 100", "--like", "movie 102", "--dislike", "movie 103")
    outcome = cli("why", "movie 104", "--run", run, *likes, "--json", "why.json")
    assert outcome.code == 0, outcome.err
    explanation = json.loads(Path("why.json").read_text())
    assert explanation["movie_id"] == 104
    assert {entry["movie_id"] for entry in explanation["supporters"]} == {100, 102}
    assert f"number {explanation['rank']} of {explanation['n_candidates']:,}" in outcome.out
    assert "without your 5 for" in outcome.out
    assert "Reasons for it" in outcome.out
    assert "Reasons against it" not in outcome.out
    outcome = cli("why", "movie 105", "--run", run, *likes)
    assert "Reasons against it" in outcome.out
    assert "Movie 103" in outcome.out
    outcome = cli("why", "movie 100", "--run", run, *likes)
    assert outcome.code == 2
    assert "is rated already" in outcome.err


def test_set_overrides_the_recipe(cli: Cli, dataset_folder: Path) -> None:
    Path("ease.toml").write_text("[settings]\nreg = 7.0\nhalf_life = 3.0\n")
    arguments = (
        "train",
        "ease",
        "--data",
        dataset_folder,
        "--out",
        "run",
        "--config",
        "ease.toml",
        "--set",
        "reg=9",
    )
    assert cli(*arguments).code == 0
    config = json.loads(Path("run/settings.json").read_text())["config"]
    assert (config["reg"], config["half_life"]) == (9.0, 3.0)


def test_set_reaches_nested_settings(cli: Cli, dataset_folder: Path) -> None:
    nested = ("--set", "training.epochs=1", "--set", "embedding_dim=8", "--set", "max_length=4")
    assert cli("train", "sasrec", "--data", dataset_folder, "--out", "run", *nested).code == 0
    config = json.loads(Path("run/settings.json").read_text())["config"]
    assert config["training"]["epochs"] == 1
    assert config["training"]["batch_size"] == make("sasrec").config.training.batch_size  # the others stay
    blend = ("--set", "parts.0.settings.reg=7", "--set", "sample=20")
    assert cli("train", "blend", "--data", dataset_folder, "--out", "blend", *blend).code == 0
    parts = json.loads(Path("blend/settings.json").read_text())["config"]["parts"]
    assert parts[0]["settings"]["reg"] == 7
    assert [part["model"] for part in parts] == [part.model for part in make("blend").config.parts]


@pytest.mark.parametrize(
    ("setting", "fragment"),
    [
        ("training.epochs", "not a setting"),
        ("training.=1", "not a setting"),
        ("reg.inner=1", "'reg' has no settings of its own"),
        ("nonesuch.epochs=1", "'nonesuch'"),
    ],
)
def test_invalid_nested_settings_give_one_line(cli: Cli, dataset_folder: Path, setting: str, fragment: str) -> None:
    outcome = cli("train", "ease", "--data", dataset_folder, "--out", "run", "--set", setting)
    assert outcome.code == 2
    assert outcome.err.count("\n") == 1, outcome.err
    assert fragment in outcome.err


def test_unknown_users_and_other_data_are_refused(cli: Cli, dataset_folder: Path, tmp_path: Path) -> None:
    cli("train", "ease", "--data", dataset_folder, "--out", "run")
    outcome = cli("recommend", "--run", "run", "--user", "7")
    assert outcome.code == 2
    assert "has no user 7" in outcome.err
    assert "1000" in outcome.err
    other_option = tmp_path / "other"
    other_option.mkdir()
    (other_option / "ratings.csv").write_text("user_id,movie_id\n1,2\n")
    assert "another catalogue" in cli("recommend", "--run", "run", "--user", "1000", "--data", other_option).err
    dataset_folder.rename(tmp_path / "elsewhere")
    outcome = cli("recommend", "--run", "run", "--user", "1000")
    assert outcome.code == 2
    assert "--data" in outcome.err
    assert cli("recommend", "--run", "run", "--user", "1000", "--data", tmp_path / "elsewhere").code == 0


@pytest.mark.parametrize("fail_at", [7, 25])  # during the evaluation, and during the final fit
def test_resume_continues_an_interrupted_training(
    cli: Cli, dataset_folder: Path, monkeypatch: pytest.MonkeyPatch, fail_at: int
) -> None:
    from matinee.errors import RunError
    from matinee.training import loop

    recipe = (
        "[settings]\nembedding_dim = 8\nblocks = 1\nmax_length = 4\n[settings.training]\nepochs = 3\nbatch_size = 8\n"
    )
    Path("sas.toml").write_text(recipe)
    command = ("train", "sasrec", "--data", dataset_folder, "--config", "sas.toml", "--out")
    assert cli(*command, "whole").code == 0
    monkeypatch.setattr(loop, "_CHECKPOINT_SECONDS", -1.0)
    step, n_steps = loop.Training._step, 0

    def failing(training: loop.Training, batch: loop.Batch) -> float:
        nonlocal n_steps
        n_steps += 1
        if n_steps == fail_at:
            raise RunError("stop")
        return step(training, batch)

    monkeypatch.setattr(loop.Training, "_step", failing)
    assert cli(*command, "run").code == 2
    assert not Path("run").exists()
    assert list(Path(".run.training").rglob("checkpoint.safetensors"))
    first_steps, n_steps = n_steps, 100
    assert cli(*command, "run", "--resume").code == 0
    epochs = load_run(Path("run")).model.training.epochs  # the best number in the evaluation
    assert first_steps + (n_steps - 100) == 1 + 5 * (3 + epochs)  # five steps in an epoch, and the one that failed
    assert not Path(".run.training").exists()
    assert Path("run/weights.safetensors").read_bytes() == Path("whole/weights.safetensors").read_bytes()


def test_a_network_has_curves_and_similar_users(cli: Cli, dataset_folder: Path) -> None:
    Path("sas.toml").write_text("[settings]\nembedding_dim = 8\nmax_length = 4\n[settings.training]\nepochs = 2\n")
    command = (
        "train",
        "sasrec",
        "--data",
        dataset_folder,
        "--config",
        "sas.toml",
        "--out",
        "run",
        "--tensorboard",
        "events",
    )
    assert cli(*command).code == 0
    assert Path("run/curves.png").read_bytes().startswith(b"\x89PNG")
    assert len(json.loads(Path("run/metrics.json").read_text())["curve"]) == 2
    assert list(Path("events").glob("events.out.tfevents.*"))

    outcome = cli("similar-users", "--run", "run", "--user", "1000", "-k", "3", "--json", "users.json")
    assert outcome.code == 0, outcome.err
    users = json.loads(Path("users.json").read_text())
    assert len(users) == 3
    assert 1000 not in [entry["user_id"] for entry in users]
    assert set(users[0]) == {"user_id", "similarity", "rated", "rated_by_both", "liked_by_both"}
    outcome = cli("similar-users", "--run", "run", "--user", "7")
    assert outcome.code == 2
    assert "has no user 7" in outcome.err
    outcome = cli("similar", "movie 101", "--run", "run", "--by", "content", "--json", "similar.json")
    assert outcome.code == 0, outcome.err
    assert json.loads(Path("similar.json").read_text())[0]["shared_genres"] == ["Odd"]


def test_without_resume_old_checkpoints_are_discarded(cli: Cli, dataset_folder: Path) -> None:
    model = make("sasrec", embedding_dim=8, max_length=4, training={"epochs": 1})
    model.keep_checkpoints(Path(".run.training/judged"))
    checkpoint = model.workspace / "checkpoint.safetensors"
    checkpoint.parent.mkdir(parents=True)
    checkpoint.write_bytes(b"not a checkpoint")
    settings = ("--set", "embedding_dim=8", "--set", "max_length=4")
    Path("sas.toml").write_text("[settings.training]\nepochs = 1\n")
    command = ("train", "sasrec", "--data", dataset_folder, "--config", "sas.toml", "--out", "run", *settings)
    outcome = cli(*command, "--resume")
    assert outcome.code == 2
    assert "damaged checkpoint" in outcome.err
    assert cli(*command).code == 0
    assert not checkpoint.exists()


@pytest.mark.slow
def test_an_interrupted_training_leaves_no_partial_files(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    n = 400_000
    ratings = {
        "user_id": rng.integers(0, 3000, n),
        "movie_id": rng.integers(0, 3000, n),
        "timestamp": np.arange(n) + 10**9,
    }
    folder = tmp_path / "data"
    folder.mkdir()
    pl.DataFrame(ratings).write_parquet(folder / "ratings.parquet")
    command = [sys.executable, "-c", "from matinee.cli.app import main; main()", "train", "blend"]
    process = subprocess.Popen(
        [*command, "--data", str(folder), "--out", str(tmp_path / "run")], stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    process.stderr.readline()  # the data is read: its first warning is printed
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted" in errors
    assert "Traceback" not in errors
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def append_rows(path: Path, rows: dict[str, list[object]]) -> None:
    """Add rows to a Parquet file."""
    table = pl.read_parquet(path)
    pl.concat([table, pl.DataFrame(rows, schema={name: table.schema[name] for name in table.columns})]).write_parquet(
        path
    )


def test_a_run_can_be_updated(cli: Cli, dataset_folder: Path) -> None:
    command = ("train", "blend", "--data", dataset_folder, "--out", "run", "--memory", "1KB", "--updatable")
    outcome = cli(*command)
    assert outcome.code == 0, outcome.err
    assert "most-rated movies densely" in outcome.out
    assert json.loads(Path("run/settings.json").read_text())["config"]["head"] == 6  # 26 bytes a pair
    new_ratings = {"user_id": [1000, 9999, 9999], "movie_id": [108, 500, 101], "rating": [5.0, 4.0, 4.0]}
    append_rows(
        dataset_folder / "ratings.parquet", new_ratings | {"timestamp": [1_100_000_000, 1_100_000_001, 1_100_000_002]}
    )
    append_rows(
        dataset_folder / "movies.parquet", {"movie_id": [500], "title": ["Brand New"], "year": [2001], "genres": [None]}
    )
    outcome = cli("train", "--update", "run", "--data", dataset_folder)
    assert outcome.code == 0, outcome.err
    assert "3 new ratings of 2 users and 1 new movies" in " ".join(outcome.out.split())
    assert "Updated on" in Path("run/MODEL_CARD.md").read_text()
    assert not list(Path().glob(".run*"))
    outcome = cli("recommend", "--run", "run", "--like", "movie 101", "--json", "list.json", "-k", "20")
    assert outcome.code == 0, outcome.err
    assert 500 in ids("list.json")
    outcome = cli("train", "--update", "run", "--data", dataset_folder)
    assert "0 new ratings of 0 users" in " ".join(outcome.out.split())


@pytest.mark.parametrize(
    ("options", "fragments"),
    [
        (("blend", "--update", "run"), "keeps the model and settings"),
        (("blend",), "Pass a model and --out FOLDER, or --update RUN"),
        (("--out", "new"), "Pass a model and --out FOLDER, or --update RUN"),
        (("--update", "run"), "trained with --updatable"),
        (("blend", "--out", "new", "--memory", "much"), "--memory much: not a size"),
        (("blend", "--out", "new", "--memory", "0GB"), "--memory 0GB"),
        (("popularity", "--out", "new", "--updatable"), "cannot be updated"),
    ],
)
def test_invalid_trainings_give_one_line(
    cli: Cli, dataset_folder: Path, run: Path, options: tuple[str, ...], fragments: str
) -> None:
    outcome = cli("train", "--data", dataset_folder, *options)
    assert outcome.code == 2
    assert outcome.err.count("\n") == 1, outcome.err
    assert fragments in outcome.err
    assert not list(Path().glob(".*")), "a partial file is left"
