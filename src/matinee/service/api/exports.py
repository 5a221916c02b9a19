"""Ratings as files that other programs read."""

import csv
import io
from collections.abc import Sequence

import orjson

from matinee.service.schemas.responses import RatingOut

# The names of Letterboxd's import format, and the id as we know it.
# https://letterboxd.com/about/importing-data/
_COLUMNS = ("Title", "Year", "Rating", "WatchedDate", "MovieId")


def as_csv(ratings: Sequence[RatingOut]) -> bytes:
    """A line for each rating; what the catalogue no longer has is without title and year."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    for one in ratings:
        writer.writerow(
            [one.title or "", one.year or "", f"{one.stars:g}", one.rated_at.date().isoformat(), one.movie_id]
        )
    return text.getvalue().encode()


def as_json(ratings: Sequence[RatingOut]) -> bytes:
    """A list of objects, as the API tells ratings."""
    return orjson.dumps([one.model_dump(mode="json") for one in ratings])
