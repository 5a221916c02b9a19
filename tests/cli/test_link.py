import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from matinee.data.readers.dataset_writer import write_dataset
from matinee.data.readers.formats import read_dataset
from tests.cli.conftest import Cli
from tests.datasets import checkerboard

TMDB = """id,title,genre_ids,original_language,overview,release_date,vote_average,vote_count,popularity,imdb_id
501,Heat,[80],en,"A thief, and a detective.",1995-12-15,7.9,7000,31.5,tt0113277
502,U.S. Marshals,[53],en,The chase goes on.,1998-03-06,6.5,2000,12.5,
503,Rage,[27],en,One rage.,2009-01-01,5,10,1,
504,Rage,[18],en,Another rage.,2009-02-01,5,10,1,
"""


@pytest.fixture
def rated(tmp_path: Path) -> Path:
    """A checkerboard whose first movies have real titles. The others are called "Unheard 3" and so on."""
    dataset = checkerboard()
    names = ["Heat", "U.S. Marshalls", "Rage"]
    titles = [*names, *(f"Unheard {row}" for row in range(3, dataset.n_movies))]
    years = [1995, 1998, 2009] + [1950] * (dataset.n_movies - 3)
    genres = [["Crime"], ["Thriller"], ["Horror", "Drama"]] + [["Western"]] * (dataset.n_movies - 3)
    named = dataset.movies.with_columns(
        pl.Series("title", titles), pl.Series("year", years, dtype=pl.Int32), pl.Series("genres", genres)
    )
    write_dataset(replace(dataset, movies=named), tmp_path / "rated")
    return tmp_path / "rated"


@pytest.fixture
def tmdb(tmp_path: Path) -> Path:
    (tmp_path / "tmdb.csv").write_text(TMDB)
    return tmp_path / "tmdb.csv"


@pytest.fixture
def movie_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The movie table in the folder of 'matinee data get movie-table', with one movie under another title."""
    folder = tmp_path / "data" / "movie-table"
    folder.mkdir(parents=True)
    with closing(sqlite3.connect(folder / "movies.db")) as database:
        database.execute(
            'CREATE TABLE omdb (ID, imdbID, Title, Year, Director, "Cast", Writer, Genre, Country, Language, Runtime, '
            "Released, Metacritic, Oscars)"
        )
        database.execute("CREATE TABLE tomatoes (ID, Meter, userMeter)")
        heat = (1, "tt0113277", "La sfida", 1990, "Michael Mann, A. Nother", "Crime", "English", 170, "1996-01-05")
        names = "ID, imdbID, Title, Year, Director, Genre, Language, Runtime, Released"
        database.execute(f"INSERT INTO omdb ({names}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", heat)
        database.commit()
    monkeypatch.setenv("MATINEE_DATA", str(tmp_path / "data"))
    return folder


def test_the_joined_folder_has_the_ratings_and_the_facts(cli: Cli, rated: Path, tmdb: Path) -> None:
    outcome = cli("data", "link", "--data", rated, "--catalogue", tmdb, "--out", "joined")
    assert outcome.code == 0, outcome.err
    before, after = read_dataset(rated)[0], read_dataset("joined")[0]
    assert after.fingerprint == before.fingerprint
    assert after.users is not None
    assert after.users.equals(before.users)
    heat, marshals, rage = after.movies[:3].to_dicts()
    assert (heat["overview"], heat["language"]) == ("A thief, and a detective.", ["en"])
    assert (heat["release_date"], heat["tmdb_id"], heat["vote_average"]) == (date(1995, 12, 15), 501, 7.9)
    assert (marshals["title"], marshals["tmdb_id"], marshals["vote_count"]) == ("U.S. Marshalls", 502, 2000)
    assert (rage["overview"], rage["genres"]) == (None, ["Horror", "Drama"])


def test_the_report_shows_how_movies_were_matched(cli: Cli, rated: Path, tmdb: Path) -> None:
    outcome = cli("data", "link", "--data", rated, "--catalogue", tmdb, "--out", "joined", "--json", "report.json")
    assert "U.S. Marshalls (1998) = U.S. Marshals (1998)" in outcome.out
    assert "Unheard 3 (1950)" in outcome.out
    assert "and 4 more" in outcome.out
    assert "learn from the future" in " ".join(outcome.out.split())
    (report,) = json.loads(Path("report.json").read_text())
    groups = ("by_id", "by_title", "by_near_title", "ambiguous", "missed")
    assert [report[group]["movies"] for group in groups] == [0, 1, 1, 1, 9]
    assert sum(report[group]["ratings"] for group in groups) == pytest.approx(1)
    assert (report["catalogue"], report["matched"]) == (str(tmdb), 2)
    assert report["ambiguous"]["names"] == ["Rage (2009)"]
    assert len(report["missed"]["names"]) == 9
    assert "overview" in report["columns"]


def test_the_first_catalogue_with_a_fact_wins(cli: Cli, rated: Path, tmdb: Path, movie_table: Path) -> None:
    """The movie table has another title and year. It is matched by the id from TMDB."""
    outcome = cli(
        "data",
        "link",
        "--data",
        rated,
        "--catalogue",
        tmdb,
        "--catalogue",
        "movie-table",
        "--out",
        "joined",
        "--json",
        "report.json",
    )
    assert outcome.code == 0, outcome.err
    heat = read_dataset("joined")[0].movies.row(0, named=True)
    assert (heat["release_date"], heat["runtime"]) == (date(1995, 12, 15), 170)
    assert (heat["language"], heat["director"]) == (["en"], ["Michael Mann", "A. Nother"])
    second = json.loads(Path("report.json").read_text())[1]
    assert second["by_id"]["names"] == ["Heat (1995) = La sfida (1990)"]


def test_the_movie_table_can_be_given_by_path(cli: Cli, rated: Path, movie_table: Path) -> None:
    for number, path in enumerate((movie_table, movie_table / "movies.db")):
        outcome = cli("data", "link", "--data", rated, "--catalogue", path, "--out", f"joined{number}")
        assert outcome.code == 0, outcome.err


def test_posters_are_mentioned(cli: Cli, rated: Path, tmdb: Path) -> None:
    (rated / "posters").mkdir()
    outcome = cli("data", "link", "--data", rated, "--catalogue", tmdb, "--out", "joined")
    assert "posters: not copied" in outcome.out


def test_unusable_input_gives_one_line_and_writes_nothing(cli: Cli, rated: Path, tmdb: Path) -> None:
    Path("existing").mkdir()
    for inputs, out_folder, message in (
        ((rated, tmdb), "existing", "existing: already exists"),
        (("nowhere", tmdb), "existing", "existing: already exists"),  # checked before anything is read
        ((rated, "nowhere.csv"), "joined", "nowhere.csv: no such file or folder. Use the path of a catalogue"),
        ((tmdb, tmdb), "joined", "tmdb.csv: no ratings. Use a data set with ratings"),
        (("nowhere", tmdb), "joined", "nowhere: no such file or folder"),
    ):
        outcome = cli("data", "link", "--data", inputs[0], "--catalogue", inputs[1], "--out", out_folder)
        assert outcome.code == 2
        assert outcome.out == ""
        assert message in outcome.err
        assert len(outcome.err.splitlines()) == 1
    assert not Path("joined").exists()
    assert list(Path("existing").iterdir()) == []


def test_movies_that_the_data_lacks_can_be_added(cli: Cli, rated: Path, tmdb: Path, tmp_path: Path) -> None:
    command = ("data", "link", "--data", rated, "--catalogue", tmdb, "--out", tmp_path / "out", "--add-movies")
    outcome = cli(*command, "--json", tmp_path / "report.json")
    assert "movies of" in outcome.out
    reports = json.loads((tmp_path / "report.json").read_text())
    assert reports[0]["added"] == 0  # the two movies called Rage are as old as those of the data
    with tmdb.open("a") as catalogue:
        catalogue.write("505,Anora,[18],en,A wedding.,2024-10-14,7,5000,20,\n")
    cli("data", "link", "--data", rated, "--catalogue", tmdb, "--out", tmp_path / "more", "--add-movies")
    grown, _ = read_dataset(tmp_path / "more")
    assert "Anora" in grown.movies["title"].to_list()
    assert grown.n_movies == checkerboard().n_movies + 1
