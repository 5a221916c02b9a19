from pathlib import Path

from matinee.data.readers.formats import read_dataset
from tests.cli.conftest import Cli


def test_make_writes_the_requested_size(cli: Cli) -> None:
    outcome = cli("data", "make", "synthetic", "--ratings", 20_000, "--users", 150, "--movies", 1_400, "--seed", 5)
    assert outcome.code == 0, outcome.err
    assert "20,000 ratings by 150 users of 1,400 movies" in outcome.out
    dataset, _ = read_dataset("synthetic")
    assert (len(dataset.ratings), dataset.n_users, dataset.n_movies) == (20_000, 150, 1_400)


def test_like_copies_the_size_of_a_movielens_set(cli: Cli) -> None:
    outcome = cli("data", "make", "synthetic", "--like", "ml-100k")
    assert "100,000 ratings by 943 users of 1,682 movies" in outcome.out, outcome.err


def test_only_one_size_is_allowed(cli: Cli) -> None:
    both = cli("data", "make", "synthetic", "--like", "ml-1m", "--ratings", 100_000)
    assert both.code == 2
    assert "Use one of them" in both.err
    unknown = cli("data", "make", "synthetic", "--like", "netflix")
    assert unknown.code == 2
    assert "ml-100k, ml-1m" in unknown.err
    assert not Path("synthetic").exists()


def test_an_existing_folder_is_refused(cli: Cli) -> None:
    Path("synthetic").mkdir()
    outcome = cli("data", "make", "synthetic")
    assert outcome.code == 2
    assert "already exists" in outcome.err
