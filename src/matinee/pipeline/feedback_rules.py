"""The rules that decide which rated movies count as liked or disliked, and their thresholds.

Each rule serves one purpose and was chosen for it, so the thresholds differ on purpose.
"""

import numpy as np

from matinee.arrays import Mask
from matinee.data.histories import GAP, Histories

# A rating in the lowest three tenths of the scale is low: 2 stars of 1 to 5, 1.5 of 0.5 to 5.
LOW_FRACTION = 0.3
# A favourite is 4 of 5 stars or more: headings name favourites, and a wrong one is visible at once.
FAVOURITE_FRACTION = 0.75
# Stars of five from which a region of the taste map may show a movie as one of the user's best there: the list is
# sorted by rating and short, so a low threshold only fills it up where the user has rated little.
BEST_IN_REGION_RATING = 3.0


def liked_entries(history: Histories) -> Mask:
    """Entries of one history rated at least the user's median; all entries without ratings: (entries,).

    For reasons and similar users: relative to the user, so that strict users have liked movies too. The median includes
    the ratings of gaps, so that removing disliked movies does not raise it.
    """
    real = history.movies != GAP
    if history.ratings is None or not real.any():
        return real
    return real & (history.ratings >= np.median(history.ratings))


def clearly_liked_entries(histories: Histories, scale: tuple[float, float]) -> Mask:
    """Entries rated at least their user's median and in the upper half of the scale; all without ratings: (entries,).

    For statistics over all users: a shared standard as well, so that the median of a user who dislikes everything does
    not count as a like. Gaps are never liked.
    """
    real = histories.movies != GAP
    ratings = histories.ratings
    if ratings is None:
        return real
    owner = histories.owner
    low, high = float(ratings.min(initial=0)), float(ratings.max(initial=0))
    # One number that sorts by user, then by rating: with two keys, numpy takes several times as long.
    sort_keys = owner + (ratings - low) / (2 * max(high - low, 1))
    lengths = np.bincount(owner[real], minlength=len(histories))
    nonempty = lengths > 0
    middle = np.cumsum(lengths) - lengths + lengths // 2  # the upper of two middle entries: no rating lies between
    medians = np.full(len(histories), np.inf)
    medians[nonempty] = np.sort(sort_keys[real])[middle[nonempty]]
    return real & (sort_keys >= medians[owner]) & (ratings > sum(scale) / 2)


def favourite_entries(history: Histories, scale: tuple[float, float]) -> Mask:
    """Entries of one history at `FAVOURITE_FRACTION` of the scale or above; all entries without ratings: (entries,)."""
    real = history.movies != GAP
    if history.ratings is None:
        return real
    low, high = scale
    return real & (history.ratings >= low + FAVOURITE_FRACTION * (high - low))


def disliked_entries(history: Histories, scale: tuple[float, float]) -> Mask:
    """Entries of one history rated low on the scale and below the user's median, or at the lowest value: (entries,).

    For dislikes that change a list: both conditions, so that a usual rating of a strict user is no dislike.
    """
    real = history.movies != GAP
    if history.ratings is None or not real.any():
        return np.zeros(len(history.movies), dtype=np.bool_)
    low, high = scale
    is_low = history.ratings <= low + LOW_FRACTION * (high - low)
    below_median = history.ratings < np.median(history.ratings[real])
    return real & is_low & (below_median | (history.ratings <= low))
