from typing import Any

import polars as pl
import pytest

from matinee.data.linking.catalogue_matching import Evidence, match_catalogues
from matinee.data.linking.entries import AMBIGUOUS, MISSED

Listed = tuple[str | None, int | None, list[str] | None]


def table(*entries: Listed) -> pl.DataFrame:
    schema: dict[str, Any] = {"title": pl.String, "year": pl.Int32, "genres": pl.List(pl.String)}
    return pl.DataFrame(entries, schema=schema, orient="row")


def match(movies: list[Listed], candidates: list[Listed]) -> list[int]:
    return match_catalogues(table(*movies), table(*candidates)).rows.tolist()


def with_ids(listed: pl.DataFrame, name: str, ids: list[Any]) -> pl.DataFrame:
    return listed.with_columns(pl.Series(name, ids))


DRAMA, HORROR = ["Drama"], ["Horror"]


@pytest.mark.parametrize(
    ("movie", "candidate"),
    [
        ("The Usual Suspects", "Usual Suspects, The"),
        ("Amelie", "Amélie"),
        ("Seven (Se7en)", "Se7en"),
        ("Hate (Haine, La)", "La Haine"),
        ("Dumb & Dumber", "Dumb and Dumber"),
        ("Naked Gun 33 1/3: The Final Insult", "Naked Gun 33⅓: The Final Insult"),
        ("Star Wars", "Star Wars: Episode IV – A New Hope"),
        ("Jackie Chan's First Strike", "First Strike"),
    ],
)
def test_different_spellings_match(movie, candidate):
    assert match([(movie, 1990, DRAMA)], [("Fargo", 1990, DRAMA), (candidate, 1990, DRAMA)]) == [1]


def test_the_year_distinguishes_equal_titles():
    candidates = [("Hamlet", 1948, DRAMA), ("Hamlet", 1990, DRAMA), ("Hamlet", 1996, DRAMA)]
    assert match([("Hamlet", 1996, DRAMA), ("Hamlet", 1948, DRAMA)], candidates) == [2, 0]


def test_one_year_apart_matches_but_not_two():
    assert match([("Heathers", 1989, DRAMA)], [("Heathers", 1988, DRAMA)]) == [0]
    assert match([("Heathers", 1989, DRAMA)], [("Heathers", 1987, DRAMA)]) == [MISSED]


def test_the_exact_year_comes_before_the_year_apart():
    candidates = [("Thirst", 2008, HORROR), ("Thirst", 2009, HORROR)]
    assert match([("Thirst", 2009, HORROR)], candidates) == [1]


def test_a_year_apart_on_both_sides_is_ambiguous():
    candidates = [("The Boys", 1996, DRAMA), ("The Boys", 1998, DRAMA)]
    assert match([("The Boys", 1997, DRAMA)], candidates) == [AMBIGUOUS]


def test_two_movies_of_one_title_and_year_are_ambiguous():
    candidates = [("Rage", 2009, DRAMA), ("Rage", 2009, HORROR)]
    assert match([("Rage", 2009, DRAMA)], candidates) == [AMBIGUOUS]


def test_the_article_decides_between_two_of_one_year():
    candidates = [("The Undefeated", 2011, DRAMA), ("Undefeated", 2011, DRAMA)]
    assert match([("Undefeated", 2011, DRAMA), ("The Undefeated", 2011, DRAMA)], candidates) == [1, 0]


def test_a_movie_goes_to_the_movie_of_its_own_year():
    movies = [("The Class (Klass)", 2007, DRAMA), ("The Class (Entre les murs)", 2008, DRAMA)]
    assert match(movies, [("The Class", 2008, DRAMA)]) == [MISSED, 0]


def test_a_short_title_a_year_apart_needs_a_common_genre():
    assert match([("The Fear", 1995, HORROR)], [("Fear", 1996, DRAMA)]) == [MISSED]
    assert match([("The Fear", 1995, HORROR)], [("Fear", 1996, HORROR)]) == [0]
    assert match([("The Air Up There", 1994, HORROR)], [("The Air Up There", 1993, DRAMA)]) == [0]


def test_synonymous_genres_are_equal():
    assert match([("Shiloh", 1997, ["Children's"])], [("Shiloh", 1996, ["Family"])]) == [0]


def test_a_part_of_a_title_needs_more_evidence():
    assert match([("The Wife", 1995, DRAMA)], [("Jupiter's Wife", 1995, ["Documentary"])]) == [MISSED]
    assert match([("Revenge", 1990, HORROR)], [("Puppet Master III: Revenge", 1991, HORROR)]) == [MISSED]
    assert match([("Operation Condor", 1990, HORROR)], [("Armour of God II: Operation Condor", 1991, HORROR)]) == [0]


def test_a_common_subtitle_does_not_match():
    candidates = [("Christmas Carol: The Movie", 2001, ["Animation"])]
    assert match([("Pokémon 3: The Movie", 2001, ["Animation"])], candidates) == [MISSED]


def test_a_movie_listed_twice_is_matched_twice():
    movies = [("Chasing Amy", 1997, DRAMA), ("Chasing Amy", 1997, DRAMA)]
    assert match(movies, [("Chasing Amy", 1997, DRAMA)]) == [0, 0]


def test_two_movies_with_one_candidate_are_ambiguous():
    movies = [("War of the Worlds", 2005, ["Sci-Fi", "Thriller"]), ("War of the Worlds", 2005, ["Sci-Fi"])]
    assert match(movies, [("War of the Worlds", 2005, ["Sci-Fi"])]) == [AMBIGUOUS, AMBIGUOUS]
    movies = [("Win Win", 2010, DRAMA), ("Win Win", 2012, DRAMA)]
    assert match(movies, [("Win Win", 2011, DRAMA)]) == [AMBIGUOUS, AMBIGUOUS]


def test_a_movie_without_year_or_title_is_missed():
    candidates = [("Fargo", 1996, DRAMA), ("Fargo", None, None)]
    assert match([("Fargo", None, DRAMA), (None, 1996, DRAMA), ("", 1996, None)], candidates) == [MISSED] * 3


def test_nothing_to_match():
    assert match([], [("Fargo", 1996, DRAMA)]) == []
    assert match([("Fargo", 1996, DRAMA)], []) == [MISSED]


def test_a_nearly_equal_title_comes_last():
    movies = [("U.S. Marshalls", 1998, DRAMA), ("The Boy in the Striped Pajamas", 2008, DRAMA)]
    candidates = [("The Boy in the Striped Pyjamas", 2008, DRAMA), ("U.S. Marshals", 1998, DRAMA)]
    matches = match_catalogues(table(*movies, ("Fargo", 1996, DRAMA)), table(*candidates, ("Fargo", 1996, DRAMA)))
    assert matches.rows.tolist() == [1, 0, 2]
    assert matches.evidence.tolist() == [Evidence.NEAR_TITLE, Evidence.NEAR_TITLE, Evidence.TITLE]


def test_a_matched_candidate_is_not_reused():
    movies = [("U.S. Marshalls", 1998, DRAMA), ("U.S. Marshals", 1998, DRAMA)]
    assert match(movies, [("U.S. Marshals", 1998, DRAMA)]) == [MISSED, 0]


def test_two_similar_titles_are_ambiguous():
    movies = [("U.S. Marshalls", 1998, DRAMA), ("U.S. Marshale", 1998, ["Drama", "Crime"])]
    assert match(movies, [("U.S. Marshals", 1998, DRAMA)]) == [AMBIGUOUS, AMBIGUOUS]


def test_ids_come_before_everything():
    movies = with_ids(table(("Ring", 1998, HORROR), ("Sen to Chihiro", None, None)), "tmdb_id", [7, 8])
    candidates = with_ids(table(("Spirited Away", 2001, None), ("Ring", 1998, HORROR)), "tmdb_id", [8, 7])
    matches = match_catalogues(movies, candidates)
    assert matches.rows.tolist() == [1, 0]
    assert matches.evidence.tolist() == [Evidence.ID, Evidence.ID]


def test_one_common_id_is_enough():
    movies = table(("Ringu", 1998, HORROR), ("Sen to Chihiro", 2001, DRAMA))
    movies = with_ids(with_ids(movies, "tmdb_id", [None, 8]), "imdb_id", ["tt7", None])
    candidates = table(("Spirited Away", 2001, DRAMA), ("Ring", 1998, HORROR))
    candidates = with_ids(with_ids(candidates, "tmdb_id", [8, 7]), "imdb_id", [None, "tt7"])
    assert match_catalogues(movies, candidates).rows.tolist() == [1, 0]


def test_movies_without_an_id_are_matched_by_title():
    movies = with_ids(table(("Ring", 1998, HORROR), ("Fargo", 1996, DRAMA)), "tmdb_id", [7, None])
    candidates = with_ids(table(("Fargo", 1996, DRAMA), ("Ringu", 1998, HORROR)), "tmdb_id", [8, 7])
    matches = match_catalogues(movies, candidates)
    assert matches.rows.tolist() == [1, 0]
    assert matches.evidence.tolist() == [Evidence.ID, Evidence.TITLE]


def test_a_match_by_id_excludes_a_match_by_title():
    movies = with_ids(table(("Ringu", 1998, HORROR), ("Ring", 1998, HORROR)), "tmdb_id", [7, None])
    assert match_catalogues(movies, with_ids(table(("Ring", 1998, HORROR)), "tmdb_id", [7])).rows.tolist() == [
        0,
        MISSED,
    ]


@pytest.mark.parametrize("title", ["The Ring", "The Ringmaster's Tale"])
def test_a_different_id_excludes_a_match(title):
    movies = with_ids(table((title, 1998, HORROR)), "tmdb_id", [7])
    assert match_catalogues(movies, with_ids(table((title, 1998, HORROR)), "tmdb_id", [8])).rows.tolist() == [MISSED]
    near = with_ids(table((f"{title}s", 1998, HORROR)), "tmdb_id", [8])
    assert match_catalogues(movies, near).rows.tolist() == [MISSED]
    assert match_catalogues(movies, table((title, 1998, HORROR))).rows.tolist() == [0]


def test_a_duplicate_id_is_ignored():
    movies = with_ids(table(("Ring", 1998, HORROR)), "tmdb_id", [7])
    candidates = with_ids(table(("Fargo", 1996, DRAMA), ("Ring", 1998, HORROR)), "tmdb_id", [7, 7])
    matches = match_catalogues(movies, candidates)
    assert matches.rows.tolist() == [1]
    assert matches.evidence.tolist() == [Evidence.TITLE]
