import polars as pl
import pytest

from matinee.data.linking import near_titles
from matinee.data.linking.entries import AMBIGUOUS, MISSED, CatalogueEntry, catalogue_entries
from matinee.data.linking.near_titles import nearest_movies

DRAMA, HORROR = ("Drama",), ("Horror",)


def listed(*movies: tuple[str, int | None, tuple[str, ...]]) -> list[CatalogueEntry]:
    schema = {"title": pl.String, "year": pl.Int32, "genres": pl.List(pl.String)}
    rows = [(title, year, list(genres)) for title, year, genres in movies]
    return catalogue_entries(pl.DataFrame(rows, schema=schema, orient="row"))


def nearest(title: str, *candidates: str) -> int:
    result = nearest_movies(
        listed((title, 2000, DRAMA)), listed(*((candidate, 2000, DRAMA) for candidate in candidates))
    )
    return int(result[0])


@pytest.mark.parametrize(
    ("title", "candidate"),
    [
        ("U.S. Marshalls", "U.S. Marshals"),
        ("Buckaroo Bonzai Across the 8th Dimension", "Buckaroo Banzai Across the 8th Dimension"),
        ("Der Baader Meinhof Komplex", "The Baader Meinhof Complex"),
        ("Nostalghia", "Nostalgia"),
        ("Wallace & Gromit in The Curse of the Were-Rabbit", "Wallace & Gromit: The Curse of the Were-Rabbit"),
        ("The Firemen's Ball (Horí, má panenko)", "The Fireman's Ball"),
        ("Die unendlich Geschichte (Neverending Story, The)", "Die unendliche Geschichte"),
    ],
)
def test_misspelt_titles_match(title: str, candidate: str) -> None:
    assert nearest(title, "Something Else Entirely", candidate) == 1


@pytest.mark.parametrize(
    ("title", "candidate"),
    [
        ("Bad Seeds", "The Bad Seed"),  # too short to tell
        ("Knight and Day", "Day & Night"),
        ("Doctor Who: The Time of the Doctor", "Doctor Who: The Day of the Doctor"),
        ("Street Fighter II: The Animated Movie", "Street Fighter: The Animated Movie"),
        ("Paranormal Activity 2", "Paranormal Activity 3"),
        ("Blues Brothers 2000", "Blues Brothers"),
    ],
)
def test_titles_that_look_alike_are_not_the_same(title: str, candidate: str) -> None:
    assert nearest(title, candidate) == MISSED


def test_a_year_apart_needs_more_likeness_and_a_genre() -> None:
    movies = listed(("Allan Quartermain and the Lost City of Gold", 1987, DRAMA))
    candidate = "Allan Quatermain and the Lost City of Gold"
    assert nearest_movies(movies, listed((candidate, 1986, DRAMA))).tolist() == [0]
    assert nearest_movies(movies, listed((candidate, 1988, DRAMA))).tolist() == [0]
    assert nearest_movies(movies, listed((candidate, 1985, DRAMA))).tolist() == [MISSED]
    assert nearest_movies(movies, listed((candidate, 1986, HORROR))).tolist() == [MISSED]
    assert nearest_movies(movies, listed((candidate, 1986, ()))).tolist() == [MISSED]
    assert nearest_movies(movies, listed((candidate, 1987, ()))).tolist() == [0]
    bride, pride = listed(("Bride & Prejudice", 2004, DRAMA)), listed(("Pride & Prejudice", 2005, DRAMA))
    assert nearest_movies(bride, pride).tolist() == [MISSED]


def test_a_different_genre_excludes_a_match() -> None:
    result = nearest_movies(listed(("U.S. Marshalls", 1998, DRAMA)), listed(("U.S. Marshals", 1998, HORROR)))
    assert result.tolist() == [MISSED]


def test_the_most_similar_title_must_be_clearly_ahead() -> None:
    assert nearest("The Adventures of Marco Pole", "Adventures of Marco Polo", "Adventures of Marco Pola") == AMBIGUOUS
    assert nearest("The Adventures of Marco Pole", "Adventure of Marc Polo", "Adventures of Marco Polo") == 1


def test_block_sizes_do_not_change_the_result(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["Casablancas Nights", "Metropolitan Lives", "Vertiginously Yours", "Nostalghia Again"]
    movies = listed(*((name, 1990 + row % 2, DRAMA) for row, name in enumerate(names)))
    candidates = listed(*((f"{name}s", 1990 + row % 2, DRAMA) for row, name in reversed(list(enumerate(names)))))
    assert nearest_movies(movies, candidates).tolist() == [3, 2, 1, 0]
    monkeypatch.setattr(near_titles, "_CELLS", 1)
    assert nearest_movies(movies, candidates).tolist() == [3, 2, 1, 0]


def test_nothing_to_compare() -> None:
    assert nearest_movies([], listed(("Fargo", 1996, DRAMA))).tolist() == []
    assert nearest_movies(listed(("Long Enough a Title", None, DRAMA)), []).tolist() == [MISSED]
