"""One movie of a movie night, judged for the whole group."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from matinee.pipeline.group.guests import GuestSatisfaction

VerdictKind = Literal["first", "high", "costly", "poor"]

_HIGH = 0.5  # satisfaction from which a movie is high on a list: rank 60 of 4,000
_NEGLIGIBLE_COST = 0.1  # the same movie one or two ranks further down


@dataclass(frozen=True)
class NightVerdict:
    """One fact about a movie and the group.

    first: it is every guest's first choice tonight. high: every guest's satisfaction is `_HIGH` or more. costly: a
    guest's satisfaction is lower, and `guest` gives up most for the others. poor: `guest` is the least satisfied, but
    would hardly be more satisfied with any other movie tonight, so the cause is not the other guests.
    """

    kind: VerdictKind
    guest: str = ""  # a guest's name


def night_verdict(satisfactions: Sequence[GuestSatisfaction]) -> NightVerdict:
    """The verdict on a movie, from the satisfaction of each guest."""
    if all(guest.choice_rank == 1 for guest in satisfactions):
        return NightVerdict("first")
    if min(guest.satisfaction for guest in satisfactions) >= _HIGH:
        return NightVerdict("high")
    payer = max(satisfactions, key=lambda guest: guest.cost)
    if payer.cost >= _NEGLIGIBLE_COST:
        return NightVerdict("costly", payer.guest)
    return NightVerdict("poor", min(satisfactions, key=lambda guest: guest.satisfaction).guest)
