"""Building the history of one user from the movies seen: their order and their ratings.

A history has ratings for all movies or for none. So a movie that was seen but not rated counts with the median of the
user's ratings, which is neutral, and a movie that was liked but not rated with their upper quartile. If the user rated
no movie, the history has no ratings.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matinee.data.diaries.diary import DiaryEntry
from matinee.data.diaries.parsing import MAX_RATING
from matinee.data.histories import Histories

MEDIAN = "median"
UPPER_QUARTILE = "upper quartile"
Scale = tuple[float, float]


@dataclass(frozen=True)
class OwnRatings:
    """The distribution of a user's ratings, in stars, and the scale of the catalogue."""

    median: float | None  # None without ratings
    upper_quartile: float | None
    scale: Scale

    @classmethod
    def of(cls, entries: Sequence[DiaryEntry], scale: Scale) -> "OwnRatings":
        """From all ratings of the user, including those of movies that the catalogue lacks."""
        ratings = [entry.rating for entry in entries if entry.rating is not None]
        if not ratings:
            return cls(None, None, scale)
        return cls(float(np.median(ratings)), float(np.quantile(ratings, 0.75)), scale)

    def rating(self, entry: DiaryEntry) -> tuple[float | None, str]:
        """The rating on the catalogue's scale, and the name of the statistic that replaces a missing one, else ""."""
        if entry.rating is not None:
            return rescale_rating(entry.rating, self.scale), ""
        rating, name = (self.upper_quartile, UPPER_QUARTILE) if entry.liked else (self.median, MEDIAN)
        return (None, "") if rating is None else (rescale_rating(rating, self.scale), name)


def rescale_rating(rating: float, scale: Scale) -> float:
    """A rating out of five stars as the same share of the scale's highest rating, at least its lowest rating.

    4 stars stay 4 on a scale from 1 to 5 and become 8 on a scale to 10. Half stars are kept even on a scale of whole
    stars, because models only need numbers.
    """
    return max(scale[0], rating * scale[1] / MAX_RATING)


def oldest_first(entries: Sequence[DiaryEntry]) -> list[int]:
    """Positions of the entries by date, those without a date first, as they may be old.

    Equal dates keep the order of the diary.
    """
    return sorted(range(len(entries)), key=lambda position: entries[position].date or datetime.date.min)


def build_history(entries: Sequence[DiaryEntry], rows: Sequence[int], ratings: Sequence[float | None]) -> Histories:
    """One history of the movies in `rows`, in that order; timestamps (midnight, UTC) only if all have a date."""
    present = [rating for rating in ratings if rating is not None]
    days = [entry.date for entry in entries if entry.date is not None]
    return Histories(
        offsets=np.array([0, len(rows)], dtype=np.int64),
        movies=np.array(rows, dtype=np.int32),
        ratings=np.array(present, dtype=np.float32) if present else None,
        timestamps=np.array([_seconds(day) for day in days], dtype=np.int64) if len(days) == len(rows) else None,
    )


def _seconds(day: datetime.date) -> int:
    return (day - datetime.date(1970, 1, 1)).days * 86_400
