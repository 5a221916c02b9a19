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


def test_train_then_recommend_then_similar(cli: Cli, films: Path) -> None:
    trained = cli("train", "ease", "--data", films, "--out", "runs/ease", "--set", "ridge=5", "--set", "half_life=none")
    assert trained.code == 0, trained.err
    settings = json.loads(Path("runs/ease/settings.json").read_text())
    assert settings["config"]["ridge"] == 5
    assert settings["config"]["half_life"] is None
    card = Path("runs/ease/MODEL_CARD.md").read_text()
    assert "ndcg@" in card
    figures = json.loads(Path("runs/ease/metrics.json").read_text())
    assert figures["protocol"]["split"] == "leave-last"

    listed = cli("recommend", "--run", "runs/ease", "--user", "1000", "-k", "2", "--json", "list.json")
    assert listed.code == 0, listed.err
    movies = json.loads(Path("list.json").read_text())
    # User 1000 walked the even ring from 100: 108 and 110 are what is left of it.
    assert {movie["movie_id"] for movie in movies} == {108, 110}
    assert set(movies[0]) == {"movie_id", "title", "year", "score", "predicted_rating", "reasons", "sources"}
    assert movies[0]["reasons"][0].startswith("because you liked Movie 1")

    alike = cli("similar", "movie 101", "--run", "runs/ease", "-k", "3", "--json", "alike.json")
    assert alike.code == 0, alike.err
    likest = json.loads(Path("alike.json").read_text())
    assert len(likest) == 3
    assert all(movie["movie_id"] % 2 for movie in likest)
    assert all(movie["shared_genres"] == ["Odd"] for movie in likest)
    assert "genres of both" in alike.out


@pytest.fixture
def run(cli: Cli, films: Path) -> Path:
    """A run whose taste is known: even movies for who likes even ones."""
    assert cli("train", "item_cf", "--data", films, "--out", "run").code == 0
    return Path("run")


def ids(path: str) -> list[int]:
    return [movie["movie_id"] for movie in json.loads(Path(path).read_text())]


def test_nobody_in_particular_gets_a_list_to_start_with(cli: Cli, run: Path) -> None:
    listed = cli("recommend", "--run", run, "--json", "list.json")
    assert listed.code == 0, listed.err
    asked = pl.read_parquet(run / "catalogue.parquet").drop_nulls("question").sort("question")["movie_id"].to_list()
    assert ids("list.json")[: len(asked)] == asked[:10]
    assert "nothing is known of your taste yet" in listed.out
    assert "Liked" not in listed.out


def test_whoever_asks_is_one_person(cli: Cli, run: Path) -> None:
    for command in (("recommend",), ("why", "movie 104")):
        for other in (("--like", "movie 100"), ("--dislike", "movie 100")):
            both = cli(*command, "--run", run, "--user", "1000", *other)
            assert both.code == 2
            assert both.err.count("\n") == 1
            assert "not --user and --like" in both.err


def test_what_is_asked_for_tonight_is_what_comes(cli: Cli, run: Path) -> None:
    likes = ("recommend", "--run", run, "--like", "movie 100", "--like", "movie 102", "--json", "list.json")
    assert cli(*likes, "-k", "4").code == 0
    assert sorted(ids("list.json")) == [104, 106, 108, 110]
    assert cli(*likes, "--years", "1974-1977").code == 0  # movie 100 is of 1970, and each is a year later
    assert sorted(ids("list.json")) == [104, 105, 106, 107]
    assert sorted(ids("list.json")[:2]) == [104, 106]
    assert cli(*likes, "--genre", "odd", "--years", "-1973").code == 0
    assert sorted(ids("list.json")) == [101, 103]
    assert cli(*likes, "--without-genre", "Odd", "--years", "1978-").code == 0
    assert sorted(ids("list.json")) == [108, 110]
    assert cli(*likes, "--years", "1981").code == 0
    assert ids("list.json") == [111]
    assert cli(*likes, "--not-interested", "movie 104").code == 0
    assert sorted(ids("list.json")) == [101, 103, *range(105, 112)]
    assert cli(*likes, "--diversity", "1", "-k", "2").code == 0
    assert [movie % 2 for movie in ids("list.json")] == [0, 1]


def test_chance_is_decided_by_the_seed(cli: Cli, run: Path) -> None:
    lists: list[list[int]] = []
    for seed in (1, 1, 2):
        arguments = ("--like", "movie 100", "--exploration", "2", "--seed", seed, "--json", "list.json")
        assert cli("recommend", "--run", run, *arguments).code == 0
        lists.append(ids("list.json"))
    assert lists[0] == lists[1] != lists[2]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (("--years", "nineties"), ["--years nineties", "1990-1999"]),
        (("--years", "-"), ["--years -", "1990-1999"]),
        (("--years", "90-99"), ["--years 90-99"]),
        (("--years", "²²²²-"), ["--years ²²²²-"]),
        (("--genre", "western"), ["genres 'western'", "Even, Odd"]),
        (("--language", "en"), ["language en", "no column 'language'"]),
        (("--longest", "90"), ["no column 'runtime'"]),
        (("--dislike", "movie 999"), ["'movie 999'", "nearest"]),
        (("--not-interested", "movie 999"), ["'movie 999'", "nearest"]),
        (("--stars", "run"), ["run of item_cf", "predicts stars"]),
        (("--content", "run"), ["run of item_cf", "places new movies"]),
    ],
)
def test_what_cannot_be_asked_for_gets_one_line(cli: Cli, run: Path, asked: tuple[str, ...], told: list[str]) -> None:
    refused = cli("recommend", "--run", run, "--like", "movie 100", *asked)
    assert refused.code == 2
    assert refused.err.count("\n") == 1, refused.err
    assert all(fragment in refused.err for fragment in told), refused.err


def test_a_dislike_pushes_down_what_is_like_it(cli: Cli, run: Path) -> None:
    arguments = ("recommend", "--run", run, "--like", "movie 100", "--like", "movie 101", "--json", "list.json")
    assert cli(*arguments, "--like", "movie 103").code == 0
    assert ids("list.json")[0] % 2
    disliked = cli(*arguments, "--dislike", "movie 103")
    assert disliked.code == 0
    assert ids("list.json")[0] % 2 == 0
    assert 103 not in ids("list.json")
    assert "liked Movie 103" not in disliked.out


def test_why_tells_what_speaks_for_a_movie_and_what_against(cli: Cli, run: Path) -> None:
    likes = ("--like", "movie 100", "--like", "movie 102", "--dislike", "movie 103")
    told = cli("why", "movie 104", "--run", run, *likes, "--json", "why.json")
    assert told.code == 0, told.err
    found = json.loads(Path("why.json").read_text())
    assert found["movie_id"] == 104
    assert {one["movie_id"] for one in found["supporters"]} == {100, 102}
    assert f"number {found['place']} of {found['of']}" in told.out
    assert "without your 5 for" in told.out
    assert "What speaks for it" in told.out
    assert "What speaks against it" not in told.out
    against = cli("why", "movie 105", "--run", run, *likes)
    assert "What speaks against it" in against.out
    assert "Movie 103" in against.out
    rated = cli("why", "movie 100", "--run", run, *likes)
    assert rated.code == 2
    assert "has been rated already" in rated.err


def test_a_config_file_is_overridden_by_set(cli: Cli, films: Path) -> None:
    Path("ease.toml").write_text("[settings]\nridge = 7.0\nhalf_life = 3.0\n")
    arguments = (
        "train",
        "ease",
        "--data",
        films,
        "--out",
        "run",
        "--config",
        "ease.toml",
        "--set",
        "ridge=9",
    )
    assert cli(*arguments).code == 0
    config = json.loads(Path("run/settings.json").read_text())["config"]
    assert (config["ridge"], config["half_life"]) == (9.0, 3.0)


def test_recommending_to_somebody_unknown_or_from_other_data_is_refused(cli: Cli, films: Path, tmp_path: Path) -> None:
    cli("train", "ease", "--data", films, "--out", "run")
    unknown = cli("recommend", "--run", "run", "--user", "7")
    assert unknown.code == 2
    assert "no user 7" in unknown.err
    assert "1000" in unknown.err
    other = tmp_path / "other"
    other.mkdir()
    (other / "ratings.csv").write_text("user_id,movie_id\n1,2\n")
    assert "not the one" in cli("recommend", "--run", "run", "--user", "1000", "--data", other).err
    films.rename(tmp_path / "elsewhere")
    gone = cli("recommend", "--run", "run", "--user", "1000")
    assert gone.code == 2
    assert "--data" in gone.err
    assert cli("recommend", "--run", "run", "--user", "1000", "--data", tmp_path / "elsewhere").code == 0


@pytest.mark.parametrize("fail_at", [7, 25])  # while it is judged, and while it learns from everything
def test_an_interrupted_training_goes_on_with_resume(
    cli: Cli, films: Path, monkeypatch: pytest.MonkeyPatch, fail_at: int
) -> None:
    from matinee.errors import RunError
    from matinee.training import loop

    recipe = "[settings]\nwidth = 8\nblocks = 1\nlength = 4\n[settings.training]\nepochs = 3\nbatch_size = 8\n"
    Path("sas.toml").write_text(recipe)
    command = ("train", "sasrec", "--data", films, "--config", "sas.toml", "--out")
    assert cli(*command, "whole").code == 0
    monkeypatch.setattr(loop, "_CHECKPOINT_SECONDS", -1.0)
    step, made = loop.Training._step, 0

    def failing(training: loop.Training, batch: loop.Batch) -> float:
        nonlocal made
        made += 1
        if made == fail_at:
            raise RunError("stop")
        return step(training, batch)

    monkeypatch.setattr(loop.Training, "_step", failing)
    assert cli(*command, "run").code == 2
    assert not Path("run").exists()
    assert list(Path(".run.training").rglob("checkpoint.safetensors"))
    first, made = made, 100
    assert cli(*command, "run", "--resume").code == 0
    everything = load_run(Path("run")).model.training.epochs  # as many as were best when it was judged
    assert first + (made - 100) == 1 + 5 * (3 + everything)  # five steps in an epoch, and the one that failed
    assert not Path(".run.training").exists()
    assert Path("run/weights.safetensors").read_bytes() == Path("whole/weights.safetensors").read_bytes()


def test_a_trained_run_keeps_its_curves_and_knows_who_is_near(cli: Cli, films: Path) -> None:
    Path("sas.toml").write_text("[settings]\nwidth = 8\nlength = 4\n[settings.training]\nepochs = 2\n")
    command = ("train", "sasrec", "--data", films, "--config", "sas.toml", "--out", "run", "--tensorboard", "events")
    assert cli(*command).code == 0
    assert Path("run/curves.png").read_bytes().startswith(b"\x89PNG")
    assert len(json.loads(Path("run/metrics.json").read_text())["curve"]) == 2
    assert list(Path("events").glob("events.out.tfevents.*"))

    near = cli("neighbours", "--run", "run", "--user", "1000", "-k", "3", "--json", "near.json")
    assert near.code == 0, near.err
    people = json.loads(Path("near.json").read_text())
    assert len(people) == 3
    assert 1000 not in [one["user_id"] for one in people]
    assert set(people[0]) == {"user_id", "likeness", "rated", "rated_by_both", "liked_by_both"}
    unknown = cli("neighbours", "--run", "run", "--user", "7")
    assert unknown.code == 2
    assert "no user 7" in unknown.err
    alike = cli("similar", "movie 101", "--run", "run", "--by", "content", "--json", "alike.json")
    assert alike.code == 0, alike.err
    assert json.loads(Path("alike.json").read_text())[0]["shared_genres"] == ["Odd"]


def test_without_resume_an_older_checkpoint_is_discarded(cli: Cli, films: Path) -> None:
    model = make("sasrec", width=8, length=4, training={"epochs": 1})
    model.keep_checkpoints(Path(".run.training/judged"))
    left = model.workspace / "checkpoint.safetensors"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"not a checkpoint")
    settings = ("--set", "width=8", "--set", "length=4")
    Path("sas.toml").write_text("[settings.training]\nepochs = 1\n")
    command = ("train", "sasrec", "--data", films, "--config", "sas.toml", "--out", "run", *settings)
    refused = cli(*command, "--resume")
    assert refused.code == 2
    assert "damaged checkpoint" in refused.err
    assert cli(*command).code == 0
    assert not left.exists()


@pytest.mark.slow
def test_interrupting_a_training_leaves_nothing_half_written(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    n = 400_000
    ratings = {
        "user_id": rng.integers(0, 3000, n),
        "movie_id": rng.integers(0, 3000, n),
        "timestamp": np.arange(n) + 10**9,
    }
    folder = tmp_path / "films"
    folder.mkdir()
    pl.DataFrame(ratings).write_parquet(folder / "ratings.parquet")
    command = [sys.executable, "-c", "from matinee.cli.app import main; main()", "train", "blend"]
    process = subprocess.Popen(
        [*command, "--data", str(folder), "--out", str(tmp_path / "run")], stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    process.stderr.readline()  # the data is read: its first finding is told
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted" in said
    assert "Traceback" not in said
    assert [path.name for path in tmp_path.iterdir()] == ["films"]


def grown(path: Path, rows: dict[str, list[object]]) -> None:
    """Add rows to a Parquet file."""
    table = pl.read_parquet(path)
    pl.concat([table, pl.DataFrame(rows, schema={name: table.schema[name] for name in table.columns})]).write_parquet(
        path
    )


def test_a_run_is_brought_up_to_date(cli: Cli, films: Path) -> None:
    command = ("train", "blend", "--data", films, "--out", "run", "--memory", "1KB", "--updatable")
    trained = cli(*command)
    assert trained.code == 0, trained.err
    assert "most-rated movies densely" in trained.out
    assert json.loads(Path("run/settings.json").read_text())["config"]["head"] == 6  # 26 bytes a pair
    more = {"user_id": [1000, 9999, 9999], "movie_id": [108, 500, 101], "rating": [5.0, 4.0, 4.0]}
    grown(films / "ratings.parquet", more | {"timestamp": [1_100_000_000, 1_100_000_001, 1_100_000_002]})
    grown(films / "movies.parquet", {"movie_id": [500], "title": ["Brand New"], "year": [2001], "genres": [None]})
    updated = cli("train", "--update", "run", "--data", films)
    assert updated.code == 0, updated.err
    assert "3 new ratings of 2 people and 1 new movies" in " ".join(updated.out.split())
    assert "Updated on" in Path("run/MODEL_CARD.md").read_text()
    assert not list(Path().glob(".run*"))
    listed = cli("recommend", "--run", "run", "--like", "movie 101", "--json", "list.json", "-k", "20")
    assert listed.code == 0, listed.err
    assert 500 in ids("list.json")
    again = cli("train", "--update", "run", "--data", films)
    assert "0 new ratings of 0 people" in " ".join(again.out.split())


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (("blend", "--update", "run"), "keeps the model and settings"),
        (("blend",), "expected a model and --out FOLDER, or --update RUN"),
        (("--out", "new"), "expected a model and --out FOLDER, or --update RUN"),
        (("--update", "run"), "trained --updatable"),
        (("blend", "--out", "new", "--memory", "much"), "--memory much: expected a size such as 4GB"),
        (("blend", "--out", "new", "--memory", "0GB"), "--memory 0GB"),
        (("popularity", "--out", "new", "--updatable"), "cannot be updated"),
    ],
)
def test_what_cannot_be_trained_gets_one_line(
    cli: Cli, films: Path, run: Path, asked: tuple[str, ...], told: str
) -> None:
    refused = cli("train", "--data", films, *asked)
    assert refused.code == 2
    assert refused.err.count("\n") == 1, refused.err
    assert told in refused.err
    assert not list(Path().glob(".*")), "nothing half-written"
