"""Uses of a trained run through the command line, on real ratings and movies."""

import json
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.journeys.test_demo import matinee

pytestmark = [pytest.mark.slow, pytest.mark.network]

LIKES = ["--like", "Heat (1995)", "--like", "Alien (1979)", "--like", "Fargo"]
NEW_MOVIE = "Miami Nights"  # has no ratings; its director made "Heat"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """MovieLens 100K joined with the film table, one movie added without ratings, and runs trained on it."""
    folder = tmp_path_factory.mktemp("journey")
    ratings = matinee("data", "get", "ml-100k", folder=folder).strip().splitlines()[-1]
    matinee("data", "link", "--data", ratings, "--catalogue", "movie-table", "--out", "joined", folder=folder)
    movies = pl.read_parquet(folder / "joined" / "movies.parquet")
    heat = movies.filter((pl.col("title") == "Heat") & (pl.col("year") == 1995))
    new_movie = heat.with_columns(
        movie_id=pl.lit(9999, dtype=movies["movie_id"].dtype),
        title=pl.lit(NEW_MOVIE),
        year=pl.lit(2026, dtype=movies["year"].dtype),
        imdb_id=pl.lit(None, dtype=movies["imdb_id"].dtype),
    )
    pl.concat([movies, new_movie]).write_parquet(folder / "joined" / "movies.parquet")
    matinee("train", "blend", "--data", "joined", "--out", "blend", folder=folder)
    fast = ["--set", "training={epochs=8, batch_size=256, lr=0.002}", "--split", "random:0.1"]
    matinee("train", "hybrid", "--data", "joined", "--out", "hybrid", *fast, folder=folder)
    small = ["--set", "embedding_dim=8", "--set", "samples=8", "--set", "thin=2", "--split", "random:0.1"]
    matinee("train", "bayes_mf", "--data", "joined", "--out", "rating-run", *small, folder=folder)
    return folder


def json_of(workspace: Path, *arguments: str, command: str = "recommend") -> Any:
    """Run a command and return its JSON."""
    matinee(command, *arguments, "--json", "out.json", folder=workspace)
    return json.loads((workspace / "out.json").read_text())


def titles(movies: list[dict[str, Any]]) -> list[str]:
    return [movie["title"] for movie in movies]


def test_a_diary_gives_a_list_with_ratings_and_reasons(workspace: Path) -> None:
    rows = [
        "Date,Name,Year,Letterboxd URI,Rating",
        "2024-01-02,Fargo,1996,https://boxd.it/a,5",
        '2024-01-03,"Usual Suspects, The",1995,https://boxd.it/b,4.5',
        "2024-02-03,Pulp Fiction,1994,https://boxd.it/c,4.5",
        "2024-02-04,Home Alone,1990,https://boxd.it/d,0.5",
        "2024-02-05,A Movie That Does Not Exist,2031,https://boxd.it/e,3",
    ]
    with zipfile.ZipFile(workspace / "diary.zip", "w") as archive:
        archive.writestr("ratings.csv", "\n".join(rows))
        archive.writestr("watchlist.csv", "Date,Name,Year,Letterboxd URI\n2024-03-01,Casino,1995,https://boxd.it/f\n")
    report = json_of(workspace, "diary.zip", "--run", "blend", command="diary")
    assert len(report["matched"]) == 5
    assert [entry["title"] for entry in report["missed"]] == ["A Movie That Does Not Exist"]

    movies = json_of(workspace, "--run", "blend", "--rating-run", "rating-run", "--diary", "diary.zip")
    assert not {"Fargo", "The Usual Suspects", "Pulp Fiction", "Home Alone"} & set(titles(movies))
    assert all(1 <= movie["predicted_rating"] <= 5 for movie in movies)
    assert all("because you liked" in movie["reasons"][0] for movie in movies)
    assert "Home Alone" not in json.dumps([movie["reasons"] for movie in movies])
    assert titles(json_of(workspace, "--run", "blend", "--diary", "diary.zip", "--watchlist", "only")) == ["Casino"]


def test_a_dislike_moves_similar_movies_down(workspace: Path) -> None:
    request = ["Terminator 2: Judgment Day", "--run", "blend", *LIKES]
    before = json_of(workspace, *request, command="why")
    after = json_of(workspace, *request, "--dislike", "The Terminator", command="why")
    assert after["rank"] > before["rank"]
    assert [entry["title"] for entry in after["detractors"]] == ["The Terminator"]
    assert json_of(workspace, *request, command="why") == before
    without_aliens = json_of(workspace, "--run", "blend", *LIKES, "--not-interested", "Aliens")
    assert "Aliens" not in titles(without_aliens)


def test_why_gives_the_rank_without_a_supporter(workspace: Path) -> None:
    explanation = json_of(workspace, "Aliens", "--run", "blend", *LIKES, command="why")
    first = explanation["supporters"][0]
    assert first["title"] == "Alien"
    without = json_of(workspace, "Aliens", "--run", "blend", *LIKES[:2], *LIKES[4:], command="why")
    assert without["rank"] > explanation["rank"]  # without the rating of Alien; the other entries then move up in time
    assert first["rank_without"] > explanation["rank"]


def test_filters_diversity_and_exploration(workspace: Path) -> None:
    request = ["--run", "blend", *LIKES, "--genre", "Comedy", "--years", "1980-1989", "--max-runtime", "110"]
    movies = pl.read_parquet(workspace / "joined" / "movies.parquet").with_columns(pl.col("genres").str.split("|"))
    for movie in json_of(workspace, *request):
        (row,) = movies.filter(pl.col("movie_id") == movie["movie_id"]).to_dicts()
        assert "Comedy" in row["genres"]
        assert 1980 <= row["year"] <= 1989
        assert row["runtime"] <= 110
    default = titles(json_of(workspace, "--run", "blend", *LIKES))
    assert titles(json_of(workspace, "--run", "blend", *LIKES, "--diversity", "0.7")) != default
    random_lists = [
        titles(json_of(workspace, "--run", "blend", *LIKES, "--exploration", "1", "--seed", seed)) for seed in "112"
    ]
    assert random_lists[0] == random_lists[1] != random_lists[2]


def test_new_users_get_popular_movies(workspace: Path) -> None:
    movies = json_of(workspace, "--run", "blend")
    assert len(movies) == 10
    assert all("we do not know your taste" in movie["reasons"][0] for movie in movies)


def test_a_movie_without_ratings_is_ranked_by_content(workspace: Path) -> None:
    request = ["--run", "blend", "--content-run", "hybrid", *LIKES, "--years", "2020-"]
    (movie,) = json_of(workspace, *request)
    assert movie["title"] == NEW_MOVIE
    assert any("ranked by its content" in reason for reason in movie["reasons"])
    assert {"content", "new"} <= movie["sources"].keys()
    of_fan = json_of(workspace, NEW_MOVIE, *request[:-2], command="why")
    of_other = json_of(
        workspace, NEW_MOVIE, *request[:4], "--like", "Aladdin", "--like", "The Lion King", command="why"
    )
    assert of_fan["rank"] < of_other["rank"]


def test_similar_and_also_liked(workspace: Path) -> None:
    titles_by_kind = {
        kind: titles(json_of(workspace, "Alien", "--run", "hybrid", "--by", kind, command="similar"))
        for kind in ("content", "cf")
    }
    assert titles_by_kind["content"] != titles_by_kind["cf"]
    also_liked = json_of(workspace, "star wars", "--run", "blend", command="also-liked")
    assert {"Return of the Jedi", "The Empire Strikes Back"} <= set(titles(also_liked))
    assert also_liked[0]["liked_by"] <= also_liked[0]["fans"]


def test_movie_night_for_three(workspace: Path) -> None:
    guests = ["--user", "1", "--name", "Ann", "--user", "2", "--name", "Bob", "--user", "3", "--name", "Cyd"]
    for strategy in ("fair", "average", "least-misery"):
        night = json_of(workspace, "--run", "blend", *guests, "--strategy", strategy, command="movie-night")
        assert len(night["movies"]) == 3
        for movie in night["movies"]:
            assert [share["name"] for share in movie["guests"]] == ["Ann", "Bob", "Cyd"]
            assert all(0 <= share["satisfaction"] <= 1 for share in movie["guests"])


def test_similar_users(workspace: Path) -> None:
    users = json_of(workspace, "--run", "rating-run", "--user", "1", "-k", "3", command="similar-users")
    assert len(users) == 3
    assert [entry["similarity"] for entry in users] == sorted((entry["similarity"] for entry in users), reverse=True)
    assert all(entry["user_id"] != 1 and entry["liked_by_both"] for entry in users)
