"""From the films a person has seen to a `Histories` of one: in which order, and with which ratings.

A history has a rating for each movie or for none. So a film that was seen and not rated counts with the person's own
median, which says neither for nor against it, and one that was liked and not rated with the upper quartile of the
person's ratings. Where nothing at all was rated there is nothing to go by, and the history has no ratings.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matinee.data.diaries.diary import DiaryEntry
from matinee.data.diaries.parsing import STARS
from matinee.data.histories import Histories

MEDIAN = "median"
UPPER_QUARTILE = "upper quartile"
Scale = tuple[float, float]


@dataclass(frozen=True)
class OwnRatings:
    """How one person rates, in stars, and the scale to which their ratings are brought."""

    median: float | None  # None where nothing was rated
    upper_quartile: float | None
    scale: Scale

    @classmethod
    def of(cls, entries: Sequence[DiaryEntry], scale: Scale) -> "OwnRatings":
        """From all that the person rated, whether or not a catalogue has it."""
        stars = [one.rating for one in entries if one.rating is not None]
        if not stars:
            return cls(None, None, scale)
        return cls(float(np.median(stars)), float(np.quantile(stars, 0.75)), scale)

    def rating(self, entry: DiaryEntry) -> tuple[float | None, str]:
        """The rating as it counts, in the catalogue's scale, and what stands in for one not given ("" if it was)."""
        if entry.rating is not None:
            return rescale_rating(entry.rating, self.scale), ""
        stars, name = (self.upper_quartile, UPPER_QUARTILE) if entry.liked else (self.median, MEDIAN)
        return (None, "") if stars is None else (rescale_rating(stars, self.scale), name)


def rescale_rating(stars: float, scale: Scale) -> float:
    """Of five stars as many as that are of the scale's highest rating, at least its lowest.

    4 stars stay 4 on a scale from 1 to 5 and become 8 of 10. Half stars are kept where the scale has whole ones only:
    models reckon with numbers.
    """
    return max(scale[0], stars * scale[1] / STARS)


def oldest_first(entries: Sequence[DiaryEntry]) -> list[int]:
    """The places of the entries: without a date first, since nothing says that they are recent, then by date.

    Equal dates keep the order of the diary.
    """
    return sorted(range(len(entries)), key=lambda place: entries[place].date or datetime.date.min)


def build_history(entries: Sequence[DiaryEntry], rows: Sequence[int], ratings: Sequence[float | None]) -> Histories:
    """One history of the movies in `rows`, as they come; timestamps (midnight, UTC) only where all have a date."""
    known = [rating for rating in ratings if rating is not None]
    days = [entry.date for entry in entries if entry.date is not None]
    return Histories(
        offsets=np.array([0, len(rows)], dtype=np.int64),
        movies=np.array(rows, dtype=np.int32),
        ratings=np.array(known, dtype=np.float32) if known else None,
        timestamps=np.array([_seconds(day) for day in days], dtype=np.int64) if len(days) == len(rows) else None,
    )


def _seconds(day: datetime.date) -> int:
    return (day - datetime.date(1970, 1, 1)).days * 86_400
