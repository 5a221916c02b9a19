import numpy as np

from matinee.data.synthetic.catalogue import make_catalogue
from matinee.data.synthetic.size import Size
from matinee.data.synthetic.titles import movie_rows
from matinee.data.titles import split_year


def test_titles_are_distinct_and_have_the_year_of_release() -> None:
    catalogue = make_catalogue(Size(40_000, 200, 20_000), np.random.default_rng(0))
    rows = movie_rows(catalogue, np.random.default_rng(1))
    assert rows["title"].n_unique() == 20_000
    years = [split_year(title)[1] for title in rows["title"]]
    released = 1970 + catalogue.release / (365.25 * 86_400)
    assert np.abs(np.array(years) - released + 0.5).max() < 0.6  # calendar years


def test_genres_are_written_as_in_movielens() -> None:
    catalogue = make_catalogue(Size(4_000, 200, 500), np.random.default_rng(0))
    genres = [row.split("|") for row in movie_rows(catalogue, np.random.default_rng(1))["genres"]]
    assert all(names == sorted(names) and names[0] for names in genres)
    assert [len(names) for names in genres] == catalogue.genres.sum(axis=1).tolist()
