import pytest

from matinee.data.diaries.catalogue_index import CatalogueIndex
from matinee.data.linking.entries import CatalogueEntry
from matinee.data.linking.title_forms import title_forms
from tests.data.diaries.exports import Listed, catalogue

MOVIES: list[Listed] = [
    ("Hamlet", 1948),
    ("Hamlet", 1996),
    ("Borat: Cultural Learnings of America", 2006),
    ("The Shawshank Redemption", 1994),
    ("Geri's Game", 1997),
    ("Untold", None),
]


@pytest.fixture
def index() -> CatalogueIndex:
    return CatalogueIndex(catalogue(*MOVIES))


def entry(title: str, year: int | None, tmdb: int | None = None) -> CatalogueEntry:
    return CatalogueEntry(title, year, frozenset(), title_forms(title), (tmdb, None))


def test_movies_with_a_title_within_some_years(index: CatalogueIndex) -> None:
    assert index.with_title(entry("HAMLET", 1995), 1) == [1]
    assert index.with_title(entry("Hamlet", 1995), 0) == []
    assert index.with_title(entry("Hamlet", 1995), None) == [0, 1]
    assert index.with_title(entry("Hamlet", None), 1) == [0, 1]
    assert index.with_title(entry("Untold", 2000), 1) == []
    assert index.with_title(entry("Untold", 2000), None) == [5]


def test_a_movie_with_another_id_is_left_out() -> None:
    index = CatalogueIndex(catalogue(("Hamlet", 1948), ("Hamlet", 1948), tmdb_id=[1, None]))
    assert index.with_title(entry("Hamlet", 1948, 2), 1) == [1]
    assert index.with_title(entry("Hamlet", 1948, 1), 1) == [0, 1]


def test_movies_with_a_common_part_of_the_title(index: CatalogueIndex) -> None:
    assert index.with_part_of_title(entry("Borat", 2006)) == [2]
    assert index.with_part_of_title(entry("Borat", 2007)) == []
    assert index.with_part_of_title(entry("Borat", None)) == []
    assert index.with_part_of_title(entry("Hamlet: Prince of Denmark", 1996)) == [1]


def test_the_nearest_movies_by_title_part_and_spelling(index: CatalogueIndex) -> None:
    assert index.nearest(entry("Hamlet", 2010)) == [0, 1]
    assert index.nearest(entry("Borat", 1990)) == [2]
    assert index.nearest(entry("Shawshenk Redemtion", 1995)) == [3]
    assert index.nearest(entry("Shawshenk Redemtion", None)) == [3]
    assert index.nearest(entry("Shawshenk Redemtion", 1980)) == []
    assert index.nearest(entry("Hamlet", 1948), limit=1) == [0]
    assert index.nearest(entry("", None)) == []


def test_labels(index: CatalogueIndex) -> None:
    assert (index.label(0), index.label(5)) == ("Hamlet (1948)", "Untold")
