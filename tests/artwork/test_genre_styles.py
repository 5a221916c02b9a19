import pytest

from matinee.artwork.genre_styles import genre_style
from matinee.data.readers.tmdb import GENRE_NAMES

MOVIELENS = (
    *("Action", "Adventure", "Animation", "Children's", "Children", "Comedy", "Crime", "Documentary", "Drama"),
    *("Fantasy", "Film-Noir", "Horror", "Musical", "Mystery", "Romance", "Sci-Fi", "Thriller", "War", "Western"),
)


@pytest.mark.parametrize(
    ("genres", "style"),
    [
        (["Drama"], "drama"),
        (["Drama", "Western"], "western"),  # the more specific genre decides, in any order
        (["Western", "Drama"], "western"),
        (["Film-Noir"], "crime"),
        (["Thriller"], "crime"),
        (["Science Fiction"], "sci-fi"),
        (["Comedy", "Romance"], "romance"),
        (["Animation", "Musical"], "musical"),
        (["Children's", "Comedy"], "children"),
        ([" comedy "], "comedy"),
        (["(no genres listed)", "Gialli"], "programme"),
        ([], "programme"),
    ],
)
def test_the_most_specific_genre_decides(genres: list[str], style: str) -> None:
    assert genre_style(genres) == style


@pytest.mark.parametrize("genre", [*MOVIELENS, *GENRE_NAMES.values()])
def test_every_genre_of_movielens_and_tmdb_has_a_style(genre: str) -> None:
    assert genre_style([genre]) != "programme"
