from datetime import UTC, datetime

import pytest

from matinee.errors import InputError
from matinee.store.marks import Mark, MarkUpdate, validated

THEN = datetime(2020, 2, 29, 12, tzinfo=UTC)


def test_ratings_have_stars_and_nothing_else_has() -> None:
    validated(MarkUpdate("rating", "1", Mark(THEN, "web", 3), "web"))
    validated(MarkUpdate("watchlist", "1", Mark(THEN, "web"), "web"))
    with pytest.raises(InputError, match="a rating of movie '1' with stars None; expected stars for ratings alone"):
        validated(MarkUpdate("rating", "1", Mark(THEN, "web"), "web"))
    with pytest.raises(InputError, match="a watchlist of movie '1' with stars 3"):
        validated(MarkUpdate("watchlist", "1", Mark(THEN, "web", 3), "web"))


def test_there_are_four_kinds() -> None:
    with pytest.raises(InputError, match="kind 'loved'; expected rating, watchlist, not_interested, excluded, seen"):
        validated(MarkUpdate("loved", "1", None, "web"))
