"""What people do with a trained run, each from beginning to end through the command line, on real ratings and films."""

import json
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.journeys.test_first_light import matinee

pytestmark = [pytest.mark.slow, pytest.mark.network]

LIKES = ["--like", "Heat (1995)", "--like", "Alien (1979)", "--like", "Fargo"]
NEW_FILM = "Miami Nights"  # nobody has rated it; its director made "Heat"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """MovieLens 100K joined with the film table, one film added that nobody has rated, and runs trained on it."""
    folder = tmp_path_factory.mktemp("people")
    ratings = matinee("data", "get", "ml-100k", folder=folder).strip().splitlines()[-1]
    matinee("data", "link", "--data", ratings, "--films", "films", "--out", "joined", folder=folder)
    movies = pl.read_parquet(folder / "joined" / "movies.parquet")
    heat = movies.filter((pl.col("title") == "Heat") & (pl.col("year") == 1995))
    added = heat.with_columns(
        movie_id=pl.lit(9999, dtype=movies["movie_id"].dtype),
        title=pl.lit(NEW_FILM),
        year=pl.lit(2026, dtype=movies["year"].dtype),
        imdb_id=pl.lit(None, dtype=movies["imdb_id"].dtype),
    )
    pl.concat([movies, added]).write_parquet(folder / "joined" / "movies.parquet")
    matinee("train", "blend", "--data", "joined", "--out", "blend", folder=folder)
    quick = ["--set", "training={epochs=8, batch_size=256, learning_rate=0.002}", "--split", "random:0.1"]
    matinee("train", "hybrid", "--data", "joined", "--out", "hybrid", *quick, folder=folder)
    few = ["--set", "rank=8", "--set", "samples=8", "--set", "thin=2", "--split", "random:0.1"]
    matinee("train", "bayes_mf", "--data", "joined", "--out", "stars", *few, folder=folder)
    return folder


def listed(home: Path, *arguments: str, command: str = "recommend") -> Any:
    """What a command says as JSON."""
    matinee(command, *arguments, "--json", "out.json", folder=home)
    return json.loads((home / "out.json").read_text())


def titles(movies: list[dict[str, Any]]) -> list[str]:
    return [movie["title"] for movie in movies]


def test_a_diary_becomes_a_list_with_stars_and_reasons(home: Path) -> None:
    rows = [
        "Date,Name,Year,Letterboxd URI,Rating",
        "2024-01-02,Fargo,1996,https://boxd.it/a,5",
        '2024-01-03,"Usual Suspects, The",1995,https://boxd.it/b,4.5',
        "2024-02-03,Pulp Fiction,1994,https://boxd.it/c,4.5",
        "2024-02-04,Home Alone,1990,https://boxd.it/d,0.5",
        "2024-02-05,A Film Nobody Made,2031,https://boxd.it/e,3",
    ]
    with zipfile.ZipFile(home / "diary.zip", "w") as archive:
        archive.writestr("ratings.csv", "\n".join(rows))
        archive.writestr("watchlist.csv", "Date,Name,Year,Letterboxd URI\n2024-03-01,Casino,1995,https://boxd.it/f\n")
    report = listed(home, "diary.zip", "--run", "blend", command="diary")
    assert len(report["matched"]) == 5
    assert [one["title"] for one in report["missed"]] == ["A Film Nobody Made"]

    found = listed(home, "--run", "blend", "--stars", "stars", "--diary", "diary.zip")
    assert not {"Fargo", "The Usual Suspects", "Pulp Fiction", "Home Alone"} & set(titles(found))
    assert all(1 <= movie["predicted_rating"] <= 5 for movie in found)
    assert all("because you liked" in movie["reasons"][0] for movie in found)
    assert "Home Alone" not in json.dumps([movie["reasons"] for movie in found])
    assert titles(listed(home, "--run", "blend", "--diary", "diary.zip", "--watchlist", "only")) == ["Casino"]


def test_a_dislike_pushes_its_like_down_and_can_be_taken_back(home: Path) -> None:
    ask = ["Terminator 2: Judgment Day", "--run", "blend", *LIKES]
    before = listed(home, *ask, command="why")
    after = listed(home, *ask, "--dislike", "The Terminator", command="why")
    assert after["place"] > before["place"]
    assert [one["title"] for one in after["detractors"]] == ["The Terminator"]
    assert listed(home, *ask, command="why") == before
    hidden = listed(home, "--run", "blend", *LIKES, "--not-interested", "Aliens")
    assert "Aliens" not in titles(hidden)


def test_why_says_what_would_be_without_what_carries_it(home: Path) -> None:
    why = listed(home, "Aliens", "--run", "blend", *LIKES, command="why")
    first = why["supporters"][0]
    assert first["title"] == "Alien"
    without = listed(home, "Aliens", "--run", "blend", *LIKES[:2], *LIKES[4:], command="why")
    assert without["place"] > why["place"]  # as if Alien had never been rated, though the others then move up in time
    assert first["rank_without"] > why["place"]


def test_filters_variety_and_chance(home: Path) -> None:
    asked = ["--run", "blend", *LIKES, "--genre", "Comedy", "--years", "1980-1989", "--longest", "110"]
    movies = pl.read_parquet(home / "joined" / "movies.parquet").with_columns(pl.col("genres").str.split("|"))
    for movie in listed(home, *asked):
        (row,) = movies.filter(pl.col("movie_id") == movie["movie_id"]).to_dicts()
        assert "Comedy" in row["genres"]
        assert 1980 <= row["year"] <= 1989
        assert row["runtime"] <= 110
    usual = titles(listed(home, "--run", "blend", *LIKES))
    assert titles(listed(home, "--run", "blend", *LIKES, "--diversity", "0.7")) != usual
    drawn = [titles(listed(home, "--run", "blend", *LIKES, "--exploration", "1", "--seed", seed)) for seed in "112"]
    assert drawn[0] == drawn[1] != drawn[2]


def test_somebody_new_is_shown_what_many_know(home: Path) -> None:
    found = listed(home, "--run", "blend")
    assert len(found) == 10
    assert all("nothing is known of your taste" in movie["reasons"][0] for movie in found)


def test_a_film_nobody_has_rated_is_placed_by_its_content(home: Path) -> None:
    asked = ["--run", "blend", "--content", "hybrid", *LIKES, "--years", "2020-"]
    (found,) = listed(home, *asked)
    assert found["title"] == NEW_FILM
    assert any("placed by what it is about" in reason for reason in found["reasons"])
    assert {"content", "new"} <= found["sources"].keys()
    fan = listed(home, NEW_FILM, *asked[:-2], command="why")
    other = listed(home, NEW_FILM, *asked[:4], "--like", "Aladdin", "--like", "The Lion King", command="why")
    assert fan["place"] < other["place"]


def test_similar_and_also_liked(home: Path) -> None:
    by = {
        kind: titles(listed(home, "Alien", "--run", "hybrid", "--by", kind, command="similar"))
        for kind in ("content", "cf")
    }
    assert by["content"] != by["cf"]
    fans = listed(home, "star wars", "--run", "blend", command="also-liked")
    assert {"Return of the Jedi", "The Empire Strikes Back"} <= set(titles(fans))
    assert fans[0]["liked_by"] <= fans[0]["fans"]


def test_movie_night_for_three(home: Path) -> None:
    people = ["--user", "1", "--name", "Ann", "--user", "2", "--name", "Bob", "--user", "3", "--name", "Cyd"]
    for strategy in ("fair", "average", "least-misery"):
        night = listed(home, "--run", "blend", *people, "--strategy", strategy, command="movie-night")
        assert len(night["movies"]) == 3
        for movie in night["movies"]:
            assert [share["name"] for share in movie["people"]] == ["Ann", "Bob", "Cyd"]
            assert all(0 <= share["satisfaction"] <= 1 for share in movie["people"])


def test_people_near_in_taste(home: Path) -> None:
    near = listed(home, "--run", "stars", "--user", "1", "-k", "3", command="neighbours")
    assert len(near) == 3
    assert [one["likeness"] for one in near] == sorted((one["likeness"] for one in near), reverse=True)
    assert all(one["user_id"] != 1 and one["liked_by_both"] for one in near)
