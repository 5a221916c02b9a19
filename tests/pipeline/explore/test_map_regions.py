import numpy as np

from matinee.pipeline.explore.map_regions import find_regions


def blobs(*centres: tuple[float, float]) -> np.ndarray:
    rng = np.random.default_rng(0)
    return np.concatenate([np.array(genre_name) + rng.normal(scale=0.02, size=(40, 2)) for genre_name in centres])


def test_regions_are_named_after_over_represented_genres() -> None:
    # All movies are dramas; their other genres tell the regions apart.
    coordinates = blobs((0, 0), (1, 0), (0, 1))
    genres = [
        ["Drama", genre_name] if movie % 3 else [genre_name]
        for genre_name in ("Horror", "Western", "Musical")
        for movie in range(40)
    ]
    regions = {region.genre: region for region in find_regions(coordinates, genres)}
    assert set(regions) == {"Horror", "Western", "Musical"}
    np.testing.assert_allclose(regions["Western"].center, (1, 0), atol=0.05)
    assert regions["Musical"].movies.tolist() == list(range(80, 120))
    assert all(genre_name.labelled for genre_name in regions.values())


def test_a_few_movies_of_a_rare_genre_do_not_name_a_region() -> None:
    coordinates = blobs((0, 0), (1, 0), (0, 1))
    # All Westerns lie in the first region, four of its forty movies; dramas are slightly more common there.
    first = [["Western"]] * 4 + [["Drama"]] * 20 + [["Comedy"]] * 16
    others = [["Comedy"]] * 25 + [["Drama"]] * 15
    regions = {
        region.center[0] < 0.5 and region.center[1] < 0.5: region.genre
        for region in find_regions(coordinates, first + others * 2)
    }
    assert regions == {True: "Drama", False: "Comedy"}


def test_equal_names_are_not_labelled_side_by_side() -> None:
    coordinates = blobs((0, 0), (0.1, 0), (1, 1))
    genres = [["Horror"]] * 80 + [["Western"]] * 40
    named = [region.genre for region in find_regions(coordinates, genres) if region.labelled]
    assert sorted(named) == ["Horror", "Western"]


def test_a_region_center_is_a_movie_of_its_genre() -> None:
    coordinates = np.concatenate([blobs((0, 0), (0.2, 0)), blobs((1, 1)), blobs((1, 0))])
    genres = [["Horror"]] * 80 + [["Western"]] * 40 + [["Musical"]] * 40
    for region in find_regions(coordinates, genres):
        own = coordinates[[region.genre in movie_genres for movie_genres in genres]]
        assert np.hypot(*(own - region.center).T).min() == 0


def test_every_movie_is_in_one_region() -> None:
    coordinates = np.random.default_rng(0).uniform(size=(2000, 2))
    genres = [[("Comedy", "Drama")[movie % 2]] for movie in range(2000)]
    rows = np.concatenate([region.movies for region in find_regions(coordinates, genres)])
    assert sorted(rows.tolist()) == list(range(2000))


def test_without_genres_there_are_no_regions() -> None:
    assert find_regions(np.zeros((5, 2)), [None, [], None, [], None]) == []
    assert find_regions(np.zeros((0, 2)), []) == []
