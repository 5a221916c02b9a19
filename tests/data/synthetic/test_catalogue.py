import numpy as np

from matinee.data.synthetic.catalogue import GENRES, N_TOPICS, SyntheticCatalogue, make_catalogue
from matinee.data.synthetic.size import Size


def catalogue(movies: int = 2_000, seed: int = 0) -> SyntheticCatalogue:
    return make_catalogue(Size(4_000, 200, movies), np.random.default_rng(seed))


def test_topics_are_distributions_that_differ() -> None:
    topics = catalogue().topics
    assert topics.shape == (N_TOPICS, 2_000)
    np.testing.assert_allclose(topics.sum(axis=1), 1)
    assert (topics > 0).all()
    first_choice = topics.argmax(axis=1)
    assert len(np.unique(first_choice)) > 10


def test_picks_follow_the_topic() -> None:
    movies = catalogue(300)
    draws = np.random.default_rng(1).random(200_000)
    movie = np.searchsorted(movies.picks, 5 + draws) % len(movies)
    share = np.bincount(movie, minlength=300) / len(draws)
    np.testing.assert_allclose(share, movies.topics[5], atol=0.005)


def test_few_movies_are_popular() -> None:
    fame = np.sort(catalogue(80_000).topics.mean(axis=0))[::-1]
    assert fame[:800].sum() > 0.4
    assert fame[40_000:].sum() < 0.03


def test_every_movie_has_a_genre() -> None:
    genres = catalogue().genres
    assert genres.any(axis=1).all()
    assert list(GENRES)[int(genres.sum(axis=0).argmax())] == "Drama"


def test_the_shelf_holds_every_movie_once() -> None:
    movies = catalogue()
    assert sorted(movies.shelf.tolist()) == list(range(2_000))
    assert movies.shelf[movies.shelf_position[17]] == 17


def test_ids_ascend_with_gaps() -> None:
    steps = np.diff(catalogue().ids)
    assert steps.min() >= 1
    assert steps.max() > 1
