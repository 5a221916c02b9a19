"""On the checkerboard, 20 even users walk a ring of six movies from six starts in turn.

Each likes the 2nd and 3rd of four movies. So movie 100 is liked by 3 users who start at the fifth movie and also like
110, and by 3 who start at the sixth and also like 102. Of all 40 users, 6 like 110 and 7 like 102. The scores are
(3 - 0.9) / sqrt(0.9 x 0.85 + 3) = 1.08 and 0.99, so the order is 110, 102.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from matinee.data.readers.dataset_writer import write_dataset
from tests.cli.conftest import Cli
from tests.datasets import dataset_of


@pytest.fixture
def run(cli: Cli, dataset_folder: Path) -> Path:
    assert cli("train", "popularity", "--data", dataset_folder, "--out", "run").code == 0
    return Path("run")


def test_counts_are_printed_and_written_as_json(cli: Cli, run: Path) -> None:
    outcome = cli("also-liked", "movie 100", "--run", run, "--json", "out.json")
    assert outcome.code == 0, outcome.err
    assert "6 users liked Movie 100 (1970). They also liked" in " ".join(outcome.out.split())
    table = [line.split() for line in outcome.out.splitlines()[-2:]]
    assert table[0] == ["1", "Movie", "110", "1980", "3", "50%", "15%"]
    assert table[1] == ["2", "Movie", "102", "1972", "3", "50%", "18%"]
    movies = json.loads(Path("out.json").read_text())
    assert [movie["movie_id"] for movie in movies] == [110, 102]
    assert movies[0] == {
        "row": 10,
        "movie_id": 110,
        "title": "Movie 110",
        "year": 1980,
        "liked_by": 3,
        "fans": 6,
        "share": 0.15,
    }


def test_k_limits_the_list(cli: Cli, run: Path) -> None:
    assert cli("also-liked", "movie 100", "--run", run, "-k", 1, "--json", "out.json").code == 0
    assert len(json.loads(Path("out.json").read_text())) == 1


def test_movies_seen_by_the_user_are_left_out(cli: Cli, run: Path) -> None:
    # User 1000 starts at the first movie, so has seen 100, 102, 104 and 106.
    assert cli("also-liked", "movie 100", "--run", run, "--user", 1000, "--json", "out.json").code == 0
    assert [movie["movie_id"] for movie in json.loads(Path("out.json").read_text())] == [110]


def test_too_few_fans_are_reported(cli: Cli) -> None:
    # Two users like movies 100 and 101, ten others 102 and 103.
    users, movies = np.repeat(np.arange(12), 2), [0, 1] * 2 + [2, 3] * 10
    write_dataset(dataset_of(users, movies, [5.0] * 24, n_users=12, n_movies=4), Path("few"))
    assert cli("train", "popularity", "--data", "few", "--out", "run").code == 0
    outcome = cli("also-liked", "movie 100", "--run", "run", "--json", "out.json")
    assert outcome.code == 0
    assert outcome.out == "Too few users liked Movie 100 (1970) to compare.\n"
    assert json.loads(Path("out.json").read_text()) == []


def test_unknown_movies_and_users_give_one_line(cli: Cli, run: Path) -> None:
    unknown_movie = cli("also-liked", "nothing of the kind", "--run", run)
    assert unknown_movie.code == 2
    assert "No movie is called 'nothing of the kind'" in unknown_movie.err
    unknown_user = cli("also-liked", "movie 100", "--run", run, "--user", 7)
    assert unknown_user.code == 2
    assert "has no user 7" in unknown_user.err
