import numpy as np

from matinee.pipeline.explore.map_regions import find_regions


def blobs(*centres: tuple[float, float]) -> np.ndarray:
    rng = np.random.default_rng(0)
    return np.concatenate([np.array(one) + rng.normal(scale=0.02, size=(40, 2)) for one in centres])


def test_regions_have_the_name_of_what_is_commoner_there_than_elsewhere() -> None:
    # Everywhere is drama; what else there is tells the places apart.
    places = blobs((0, 0), (1, 0), (0, 1))
    genres = [["Drama", one] if film % 3 else [one] for one in ("Horror", "Western", "Musical") for film in range(40)]
    found = {one.genre: one for one in find_regions(places, genres)}
    assert set(found) == {"Horror", "Western", "Musical"}
    np.testing.assert_allclose(found["Western"].center, (1, 0), atol=0.05)
    assert found["Musical"].movies.tolist() == list(range(80, 120))
    assert all(one.labelled for one in found.values())


def test_a_few_films_of_a_rare_genre_do_not_name_a_region() -> None:
    places = blobs((0, 0), (1, 0), (0, 1))
    # All Westerns there are lie in the first region, four of its forty films; dramas are a little commoner there.
    first = [["Western"]] * 4 + [["Drama"]] * 20 + [["Comedy"]] * 16
    others = [["Comedy"]] * 25 + [["Drama"]] * 15
    found = {one.center[0] < 0.5 and one.center[1] < 0.5: one.genre for one in find_regions(places, first + others * 2)}
    assert found == {True: "Drama", False: "Comedy"}


def test_the_same_name_is_not_drawn_twice_side_by_side() -> None:
    places = blobs((0, 0), (0.1, 0), (1, 1))
    genres = [["Horror"]] * 80 + [["Western"]] * 40
    named = [one.genre for one in find_regions(places, genres) if one.labelled]
    assert sorted(named) == ["Horror", "Western"]


def test_a_name_stands_where_films_of_its_genre_are() -> None:
    places = np.concatenate([blobs((0, 0), (0.2, 0)), blobs((1, 1)), blobs((1, 0))])
    genres = [["Horror"]] * 80 + [["Western"]] * 40 + [["Musical"]] * 40
    for one in find_regions(places, genres):
        own = places[[one.genre in some for some in genres]]
        assert np.hypot(*(own - one.center).T).min() == 0


def test_every_film_is_in_one_region() -> None:
    places = np.random.default_rng(0).uniform(size=(2000, 2))
    genres = [[("Comedy", "Drama")[film % 2]] for film in range(2000)]
    films = np.concatenate([one.movies for one in find_regions(places, genres)])
    assert sorted(films.tolist()) == list(range(2000))


def test_where_no_genres_are_known_nothing_is_named() -> None:
    assert find_regions(np.zeros((5, 2)), [None, [], None, [], None]) == []
    assert find_regions(np.zeros((0, 2)), []) == []
