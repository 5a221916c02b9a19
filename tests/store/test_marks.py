from datetime import UTC, datetime

import pytest

from matinee.errors import InputError
from matinee.store.marks import Mark, MarkUpdate, validate_update

THEN = datetime(2020, 2, 29, 12, tzinfo=UTC)


def test_only_marks_of_kind_rating_have_a_rating() -> None:
    validate_update(MarkUpdate("rating", "1", Mark(THEN, "web", 3), "web"))
    validate_update(MarkUpdate("watchlist", "1", Mark(THEN, "web"), "web"))
    with pytest.raises(InputError, match="Movie '1' has a mark of kind rating with rating None"):
        validate_update(MarkUpdate("rating", "1", Mark(THEN, "web"), "web"))
    with pytest.raises(InputError, match="Movie '1' has a mark of kind watchlist with rating 3"):
        validate_update(MarkUpdate("watchlist", "1", Mark(THEN, "web", 3), "web"))


def test_unknown_kinds_are_refused() -> None:
    with pytest.raises(
        InputError, match=r"Invalid kind 'loved'. Use one of rating, watchlist, not_interested, excluded, seen"
    ):
        validate_update(MarkUpdate("loved", "1", None, "web"))
