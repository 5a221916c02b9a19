from pathlib import Path

from matinee.data.readers.formats import read_dataset
from tests.cli.conftest import Cli


def test_make_writes_what_was_asked_for(cli: Cli) -> None:
    shown = cli("data", "make", "made", "--ratings", 20_000, "--users", 150, "--movies", 1_400, "--seed", 5)
    assert shown.code == 0, shown.err
    assert "20,000 ratings by 150 users of 1,400 movies" in shown.out
    dataset, _ = read_dataset("made")
    assert (len(dataset.ratings), dataset.n_users, dataset.n_movies) == (20_000, 150, 1_400)


def test_like_takes_the_numbers_of_a_movielens_set(cli: Cli) -> None:
    shown = cli("data", "make", "made", "--like", "ml-100k")
    assert "100,000 ratings by 943 users of 1,682 movies" in shown.out, shown.err


def test_one_way_to_say_the_size(cli: Cli) -> None:
    both = cli("data", "make", "made", "--like", "ml-1m", "--ratings", 100_000)
    assert both.code == 2
    assert "expected one of them" in both.err
    unknown = cli("data", "make", "made", "--like", "netflix")
    assert unknown.code == 2
    assert "ml-100k, ml-1m" in unknown.err
    assert not Path("made").exists()


def test_a_folder_that_is_there_is_refused_at_once(cli: Cli) -> None:
    Path("made").mkdir()
    shown = cli("data", "make", "made")
    assert shown.code == 2
    assert "exists already" in shown.err
