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
from matinee.data.readers.plain_writing import write_plain
from matinee.errors import ConfigError, InputError, NotFoundError
from matinee.models.registry import make
from matinee.models.runs import save_run
from tests.data.diaries.exports import FILMS, RATINGS, zipped
from tests.datasets import checkerboard, own_unrated

DATA = checkerboard(n_users=60, n_movies=40)  # every user has walked 18 of the 20 movies of their ring
Night = Callable[..., Result]


def film(row: int) -> str:
    """A title that rich would take for markup."""
    return f"Film {row} [uncut]"


@pytest.fixture
def night(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Night:
    """`night("--user", 1000, "--user", 1002)` over runs of small models, in an empty folder."""
    titles = [film(row) for row in range(DATA.n_movies)]
    data = replace(DATA, movies=DATA.movies.with_columns(pl.Series("title", titles)))
    write_plain(data, tmp_path / "films")
    save_run(tmp_path / "run", make("ease", ridge=5).fit(data), data, tmp_path / "films")
    stars = make("bayes_mf", rank=2, burn_in=1, samples=2, thin=1)
    save_run(tmp_path / "stars", stars.fit(data), data, tmp_path / "films")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(out, "_width", 200)
    app = typer.Typer()
    app.command()(movie_night)

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(app, ["--run", "run", *map(str, arguments)])

    return run


def words(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return " ".join(result.stdout.split())


def test_users_of_the_data_see_what_each_makes_of_it(night: Night) -> None:
    # Both walked the even ring, and what either has seen is out: at most two movies of their own are left to each.
    both = sorted(set(own_unrated(DATA, 0)) & set(own_unrated(DATA, 2)))
    assert both
    said = words(night("--user", 1000, "--name", "Ann", "--user", 1002, "--name", "[bob]", "--json", "night.json"))
    assert "Movie night, fair: whoever was served worst by the movies before counts most" in said
    assert "movies that everybody may be shown" in said
    assert f"1 {film(both[0])}" in said
    assert "stars)" in said
    assert "[bob]'s" in said
    assert re.search(r"Ann █+░* +\d+% \d+ because Ann liked", said)
    told = json.loads(Path("night.json").read_text(encoding="utf-8"))
    assert told["movies"][0]["title"] == film(both[0])
    assert [one["name"] for one in told["movies"][0]["people"]] == ["Ann", "[bob]"]
    assert told["movies"][0]["sentence"] in said
    assert len(told["movies"]) == 3


def test_stars_are_shown_where_a_run_predicts_them(night: Night) -> None:
    users = ("--user", 1000, "--user", 1001)
    assert "delight in own list why" in words(night(*users))
    assert "delight stars in own list why" in words(night(*users, "--stars", "stars"))


@pytest.mark.parametrize("strategy", ["fair", "average", "least-misery"])
def test_strategies_and_filters(night: Night, strategy: str) -> None:
    options = ("--strategy", strategy, "--genre", "odd", "--years", "1971-1990", "-k", 2, "--json", "night.json")
    assert f"Movie night, {strategy}:" in words(night("--user", 1000, "--user", 1002, *options))
    movies = json.loads(Path("night.json").read_text(encoding="utf-8"))["movies"]
    assert len(movies) == 2
    assert all(movie["movie_id"] % 2 and 1971 <= movie["year"] <= 1990 for movie in movies)


def test_a_movie_may_be_left_out_or_seen_again(night: Night) -> None:
    first, second = own_unrated(DATA, 0)
    users = ("--user", 1000, "--user", 1000 + 1, "-k", 40, "--json", "night.json")

    def titles(*options: object) -> list[str]:
        words(night(*users, *options))
        return [one["title"] for one in json.loads(Path("night.json").read_text(encoding="utf-8"))["movies"]]

    assert {film(first), film(second)} <= set(titles())
    assert film(first) not in titles("--not-interested", film(first))
    seen = next(row for row in range(0, 40, 2) if row not in (first, second))
    assert film(seen) not in titles()
    assert film(seen) in titles("--again", film(seen))
    assert "seen before, and gladly seen again" in words(night(*users, "--again", film(seen)))


def test_diaries_are_people_too(night: Night, tmp_path: Path) -> None:
    given = "".join(f"2020-01-{row + 1:02},{film(row)},{1970 + row},a{row},5\n" for row in range(0, 16, 2))
    bob = zipped(tmp_path, {"ratings.csv": RATINGS + given}, "bob.zip")
    nobody = zipped(tmp_path, {"watched.csv": FILMS + "2020-01-01,Unheard of,2020,b\n"}, "nobody.zip")
    result = night("--user", 1000, "--diary", bob, "--diary", nobody, "--json", "night.json")
    said = words(result)
    assert "bob.zip: 8 movies of the catalogue seen, of 8 entries; 'matinee diary' says which" in result.stderr
    assert "nobody.zip: 0 movies of the catalogue seen, of 1 entries" in result.stderr
    assert "nothing is known yet of the taste of nobody: served as anybody new is" in said
    told = json.loads(Path("night.json").read_text(encoding="utf-8"))
    assert [one["name"] for one in told["movies"][0]["people"]] == ["user 1000", "bob", "nobody"]
    assert told["unknown"] == ["nobody"]
    reasons = {reason for movie in told["movies"] for reason in movie["people"][1]["reasons"]}
    assert any(" liked Film " in reason and "5 stars" in reason for reason in reasons)


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ((), ConfigError, "a movie night is for 2 to 8 people, and 0 were given"),
        (("--user", 1000), ConfigError, "and 1 was given"),
        (("--user", 1000, "--user", 1000), ConfigError, "two people are called 'user 1000'"),
        (("--user", 1000, "--user", 7), NotFoundError, "no user 7"),
        (
            ("--user", 1000, "--user", 1001, "--name", "Ann"),
            InputError,
            "--name was given 1 times for 2 people; expected one for each, or none at all",
        ),
        (("--user", 1000, "--user", 1001, "--years", "1850-1860"), NotFoundError, "no movie passes the filters"),
        (("--user", 1000, "--user", 1001, "--again", "Nothing"), NotFoundError, "'Nothing'"),
    ],
)
def test_what_cannot_be_is_refused(night: Night, arguments: tuple[object, ...], error: type, said: str) -> None:
    result = night(*arguments)
    assert isinstance(result.exception, error)
    assert said in str(result.exception)


def test_an_unknown_strategy_is_refused_with_those_there_are(night: Night) -> None:
    result = night("--user", 1000, "--user", 1001, "--strategy", "loudest")
    assert result.exit_code == 2
    assert "least-misery" in result.stderr
