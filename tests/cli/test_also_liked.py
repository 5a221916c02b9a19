"""The checkerboard: 20 even users walk a ring of six movies from six places in turn, and like the 2nd and 3rd of four.

So movie 100 is liked by the 3 who began at the fifth place, who like 110 as well, and by the 3 who began at the sixth,
who like 102. 110 is liked by 6 of all 40 and 102 by 7: by (3 - 0.9) / sqrt(0.9 x 0.85 + 3) = 1.08 to 0.99 the order
is 110, 102.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from matinee.data.readers.plain_writing import write_plain
from tests.cli.conftest import Cli
from tests.datasets import dataset_of


@pytest.fixture
def run(cli: Cli, films: Path) -> Path:
    assert cli("train", "popularity", "--data", films, "--out", "run").code == 0
    return Path("run")


def test_it_says_how_many_and_writes_json(cli: Cli, run: Path) -> None:
    shown = cli("also-liked", "movie 100", "--run", run, "--json", "out.json")
    assert shown.code == 0, shown.err
    assert "The 6 who liked Movie 100 (1970) also liked" in shown.out
    table = [line.split() for line in shown.out.splitlines()[2:]]
    assert table[0] == ["1", "Movie", "110", "1980", "3", "50%", "15%"]
    assert table[1] == ["2", "Movie", "102", "1972", "3", "50%", "18%"]
    written = json.loads(Path("out.json").read_text())
    assert [movie["movie_id"] for movie in written] == [110, 102]
    assert written[0] == {
        "row": 10,
        "movie_id": 110,
        "title": "Movie 110",
        "year": 1980,
        "liked_by": 3,
        "fans": 6,
        "share": 0.15,
    }


def test_k_is_how_many(cli: Cli, run: Path) -> None:
    assert cli("also-liked", "movie 100", "--run", run, "-k", 1, "--json", "out.json").code == 0
    assert len(json.loads(Path("out.json").read_text())) == 1


def test_what_a_user_has_seen_is_left_out(cli: Cli, run: Path) -> None:
    # User 1000 began at the first place, so has seen 100, 102, 104 and 106.
    assert cli("also-liked", "movie 100", "--run", run, "--user", 1000, "--json", "out.json").code == 0
    assert [movie["movie_id"] for movie in json.loads(Path("out.json").read_text())] == [110]


def test_too_few_fans_are_said_to_be_too_few(cli: Cli) -> None:
    # Two people like movies 100 and 101, ten others 102 and 103.
    users, movies = np.repeat(np.arange(12), 2), [0, 1] * 2 + [2, 3] * 10
    write_plain(dataset_of(users, movies, [5.0] * 24, n_users=12, n_movies=4), Path("few"))
    assert cli("train", "popularity", "--data", "few", "--out", "run").code == 0
    shown = cli("also-liked", "movie 100", "--run", "run", "--json", "out.json")
    assert shown.code == 0
    assert shown.out == "too few people liked Movie 100 (1970) to say what else they like\n"
    assert json.loads(Path("out.json").read_text()) == []


def test_what_is_not_there_is_said_in_one_line(cli: Cli, run: Path) -> None:
    unknown = cli("also-liked", "nothing of the kind", "--run", run)
    assert unknown.code == 2
    assert "no movie is called 'nothing of the kind'" in unknown.err
    stranger = cli("also-liked", "movie 100", "--run", run, "--user", 7)
    assert stranger.code == 2
    assert "no user 7" in stranger.err
