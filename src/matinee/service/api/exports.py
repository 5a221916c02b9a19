"""Ratings as files for other programs."""

import csv
import io
from collections.abc import Sequence

import orjson

from matinee.service.schemas.responses import RatingOut

# The column names of Letterboxd's import format, and our movie id.
# https://letterboxd.com/about/importing-data/
_COLUMNS = ("Title", "Year", "Rating", "WatchedDate", "MovieId")


def as_csv(ratings: Sequence[RatingOut]) -> bytes:
    """Write one line per rating. Movies that the catalogue lacks have no title and year."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    for rating in ratings:
        date = rating.rated_at.date().isoformat()
        writer.writerow([rating.title or "", rating.year or "", f"{rating.rating:g}", date, rating.movie_id])
    return text.getvalue().encode()


def as_json(ratings: Sequence[RatingOut]) -> bytes:
    """Write a list of ratings in the form of the API."""
    return orjson.dumps([rating.model_dump(mode="json") for rating in ratings])
