import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
import typer
from typer.testing import CliRunner, Result

from matinee.cli.console import out
from matinee.cli.movie_night import movie_night
from matinee.data.readers.dataset_writer import write_dataset
from matinee.errors import ConfigError, InputError, NotFoundError
from matinee.models.registry import make
from matinee.models.runs import save_run
from tests.data.diaries.exports import MOVIES, RATINGS, write_zip
from tests.datasets import checkerboard, own_unrated

DATA = checkerboard(n_users=60, n_movies=40)  # every user has walked 18 of the 20 movies of their ring
Night = Callable[..., Result]


def movie_title(row: int) -> str:
    """Return a title that rich could parse as markup."""
    return f"Movie {row} [uncut]"


@pytest.fixture
def night(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Night:
    """`night("--user", 1000, "--user", 1002)` with runs of small models, in an empty folder."""
    titles = [movie_title(row) for row in range(DATA.n_movies)]
    data = replace(DATA, movies=DATA.movies.with_columns(pl.Series("title", titles)))
    write_dataset(data, tmp_path / "data")
    save_run(tmp_path / "run", make("ease", reg=5).fit(data), data, tmp_path / "data")
    rating_model = make("bayes_mf", embedding_dim=2, burn_in=1, samples=2, thin=1)
    save_run(tmp_path / "rating-run", rating_model.fit(data), data, tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(out, "_width", 200)
    app = typer.Typer()
    app.command()(movie_night)

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(app, ["--run", "run", *map(str, arguments)])

    return run


def printed_words(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return " ".join(result.stdout.split())


def test_the_satisfaction_of_each_guest_is_shown(night: Night) -> None:
    # Both walked the even ring, and movies that either has seen are left out: at most two remain for each.
    shared = sorted(set(own_unrated(DATA, 0)) & set(own_unrated(DATA, 2)))
    assert shared
    text = printed_words(
        night("--user", 1000, "--name", "Ann", "--user", 1002, "--name", "[bob]", "--json", "night.json")
    )
    assert "Movie night, fair: the guest least satisfied by the movies before counts most" in text
    assert "movies that all guests can watch" in text
    assert f"1 {movie_title(shared[0])}" in text
    assert "stars)" in text
    assert "[bob]'s" in text
    assert re.search(r"Ann █+░* +\d+% \d+ because Ann liked", text)
    night_json = json.loads(Path("night.json").read_text(encoding="utf-8"))
    assert night_json["movies"][0]["title"] == movie_title(shared[0])
    assert [guest["name"] for guest in night_json["movies"][0]["guests"]] == ["Ann", "[bob]"]
    assert night_json["movies"][0]["sentence"] in text
    assert len(night_json["movies"]) == 3


def test_predicted_ratings_are_shown_with_a_rating_run(night: Night) -> None:
    users = ("--user", 1000, "--user", 1001)
    assert "satisfaction in own list why" in printed_words(night(*users))
    assert "satisfaction stars in own list why" in printed_words(night(*users, "--rating-run", "rating-run"))


@pytest.mark.parametrize("strategy", ["fair", "average", "least-misery"])
def test_strategies_and_filters(night: Night, strategy: str) -> None:
    options = ("--strategy", strategy, "--genre", "odd", "--years", "1971-1990", "-k", 2, "--json", "night.json")
    assert f"Movie night, {strategy}:" in printed_words(night("--user", 1000, "--user", 1002, *options))
    movies = json.loads(Path("night.json").read_text(encoding="utf-8"))["movies"]
    assert len(movies) == 2
    assert all(movie["movie_id"] % 2 and 1971 <= movie["year"] <= 1990 for movie in movies)


def test_movies_can_be_left_out_or_seen_again(night: Night) -> None:
    first, second = own_unrated(DATA, 0)
    users = ("--user", 1000, "--user", 1000 + 1, "-k", 40, "--json", "night.json")

    def titles(*options: object) -> list[str]:
        printed_words(night(*users, *options))
        return [guest["title"] for guest in json.loads(Path("night.json").read_text(encoding="utf-8"))["movies"]]

    assert {movie_title(first), movie_title(second)} <= set(titles())
    assert movie_title(first) not in titles("--not-interested", movie_title(first))
    seen = next(row for row in range(0, 40, 2) if row not in (first, second))
    assert movie_title(seen) not in titles()
    assert movie_title(seen) in titles("--again", movie_title(seen))
    assert "seen before, and happy to see it again" in printed_words(night(*users, "--again", movie_title(seen)))


def test_guests_can_have_diaries(night: Night, tmp_path: Path) -> None:
    rows = "".join(f"2020-01-{row + 1:02},{movie_title(row)},{1970 + row},a{row},5\n" for row in range(0, 16, 2))
    bob = write_zip(tmp_path, {"ratings.csv": RATINGS + rows}, "bob.zip")
    unknown = write_zip(tmp_path, {"watched.csv": MOVIES + "2020-01-01,Unheard of,2020,b\n"}, "unknown.zip")
    result = night("--user", 1000, "--diary", bob, "--diary", unknown, "--json", "night.json")
    text = printed_words(result)
    assert "bob.zip: 8 entries, 8 movies of the catalogue" in result.stderr
    assert "unknown.zip: 1 entries, 0 movies of the catalogue" in result.stderr
    assert "we do not know the taste of unknown yet" in text
    night_json = json.loads(Path("night.json").read_text(encoding="utf-8"))
    assert [guest["name"] for guest in night_json["movies"][0]["guests"]] == ["user 1000", "bob", "unknown"]
    assert night_json["unknown_guests"] == ["unknown"]
    reasons = {reason for movie in night_json["movies"] for reason in movie["guests"][1]["reasons"]}
    assert any(" liked Movie " in reason and "5 stars" in reason for reason in reasons)


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        ((), ConfigError, "A movie night with 0 guests is not possible. Invite 2 to 8."),
        (("--user", 1000), ConfigError, "A movie night with 1 guests is not possible"),
        (("--user", 1000, "--user", 1000), ConfigError, "Two guests are called 'user 1000'"),
        (("--user", 1000, "--user", 7), NotFoundError, "has no user 7"),
        (
            ("--user", 1000, "--user", 1001, "--name", "Ann"),
            InputError,
            "--name: 1 names for 2 guests",
        ),
        (("--user", 1000, "--user", 1001, "--years", "1850-1860"), NotFoundError, "No movie passes the filters"),
        (("--user", 1000, "--user", 1001, "--again", "Nothing"), NotFoundError, "'Nothing'"),
    ],
)
def test_invalid_requests_are_refused(night: Night, arguments: tuple[object, ...], error: type, text: str) -> None:
    result = night(*arguments)
    assert isinstance(result.exception, error)
    assert text in str(result.exception)


def test_an_unknown_strategy_is_refused(night: Night) -> None:
    result = night("--user", 1000, "--user", 1001, "--strategy", "loudest")
    assert result.exit_code == 2
    assert "least-misery" in result.stderr
