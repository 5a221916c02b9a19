import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
import typer
from typer.testing import CliRunner, Result

from matinee.cli.console import out
from matinee.cli.diary import diary
from matinee.errors import DataError, RunError
from matinee.models.registry import make
from matinee.models.runs import save_run
from tests.data.diaries.exports import DIARY, MOVIES, RATINGS, write_file, write_zip
from tests.datasets import checkerboard

TITLES = ["Heat", "La Haine", "Hamlet", "Hamlet", "Borat: Cultural Learnings of America", "Stalker", "Big", "Alien"]
YEARS = [1995, 1995, 1990, 1996, 2006, 1979, 1988, 1979]
EXPORT = {
    "watched.csv": MOVIES
    + "2020-01-01,Alien,1979,a\n2020-01-02,,,b\n2020-01-03,Hamlet,,c\n2020-01-03,Cats [live],2019,d\n",
    "ratings.csv": RATINGS
    + "2020-01-01,Heat,1995,e,5\n2020-01-01,La Haine,1996,f,4\n2020-01-01,Cats [live],2019,d,1\n",
    "diary.csv": DIARY + "2021-01-01,Borat,2006,g,2,,,2021-01-01\n",
    "watchlist.csv": MOVIES + "2022-01-01,Stalker,1979,h\n",
}


@pytest.fixture
def show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """`shown(file)` -> what the command makes of a diary, over a run that knows eight films by name."""
    dataset = checkerboard(n_movies=len(TITLES))
    named = dataset.movies.with_columns(pl.Series("title", TITLES), pl.Series("year", YEARS, dtype=pl.Int32))
    save_run(tmp_path / "run", make("popularity").fit(dataset), replace(dataset, movies=named), tmp_path)
    monkeypatch.setattr(out, "_width", 200)
    app = typer.Typer()
    app.command()(diary)

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(app, [*map(str, arguments), "--run", str(tmp_path / "run")])

    return run


def test_the_report_has_every_group(show: Callable[..., Result], tmp_path: Path) -> None:
    result = show(write_zip(tmp_path, EXPORT), "--json", tmp_path / "out.json")
    assert result.exit_code == 0, result.output
    text = " ".join(result.stdout.split())
    for fragment in (
        "Letterboxd: 8 entries from 9 rows",
        "matched 4 of the 8 movies of the run",
        "A history of 3 movies, 2 of them rated, and 1 on the watchlist",
        "La Haine (1996) La Haine (1995) the same title, a year apart",
        "Borat (2006) 2 Borat: Cultural Learnings of America (2006) only part of the title is the same",
        "Hamlet Hamlet (1990); Hamlet (1996) no year is given, and 2 movies have this title",
        "Cats [live] (2019) 1",
        "no title, because the site deleted this movie 1 untitled, watched.csv line 3",
        "1 watched but not rated: counted as 3, the median of your ratings",
        "export.zip: 1 rows have no title because the site deleted the movie; they were set aside",
    ):
        assert fragment in text
    report = json.loads((tmp_path / "out.json").read_text())
    assert report["history"] == ["Heat (1995)", "La Haine (1995)", "Alien (1979)"]
    assert report["watchlist"] == ["Stalker (1979)"]
    groups = ("matched", "ambiguous", "missed", "set_aside", "folded")
    assert [len(report[group]) for group in groups] == [4, 2, 1, 1, 0]
    assert (report["source"], report["entries"], report["rows"]) == ("letterboxd", 8, 9)
    heat = next(outcome for outcome in report["matched"] if outcome["title"] == "Heat")
    assert (heat["movie"], heat["diary_rating"], heat["date"], heat["line"]) == ("Heat (1995)", 5.0, "2020-01-01", 2)


def test_duplicates_are_listed(show: Callable[..., Result], tmp_path: Path) -> None:
    result = show(write_file(tmp_path, "films.csv", 'title,year\n"Haine, La",1995\nLa Haine,1995\n'))
    assert "the same movie as Haine, La (1995)" in " ".join(result.stdout.split())


def test_a_long_list_is_shortened(show: Callable[..., Result], tmp_path: Path) -> None:
    titles = "".join(f"Unheard of {n},19{n}\n" for n in range(30, 60))
    assert (
        "and 10 more. Use --json FILE for the whole list."
        in show(write_file(tmp_path, "films.csv", "title,year\n" + titles)).stdout
    )


def test_the_scale_of_a_csv_file_can_be_set(show: Callable[..., Result], tmp_path: Path) -> None:
    show(write_file(tmp_path, "films.csv", "title,rating\nHeat,4\n"), "--scale", 10, "--json", tmp_path / "out.json")
    assert json.loads((tmp_path / "out.json").read_text())["matched"][0]["diary_rating"] == 2.0


def test_nothing_is_saved(show: Callable[..., Result], tmp_path: Path) -> None:
    path = write_zip(tmp_path, EXPORT)
    before = sorted(tmp_path.rglob("*"))
    show(path)
    assert sorted(tmp_path.rglob("*")) == before


def test_other_files_are_refused_before_any_output(show: Callable[..., Result], tmp_path: Path) -> None:
    result = show(write_file(tmp_path, "x.csv", "userId,movieId\n1,2\n"))
    assert isinstance(result.exception, DataError)
    assert result.stdout == ""


def test_other_folders_are_refused_as_run(tmp_path: Path) -> None:
    app = typer.Typer()
    app.command()(diary)
    result = CliRunner().invoke(app, [str(write_zip(tmp_path, EXPORT)), "--run", str(tmp_path)])
    assert isinstance(result.exception, RunError)
