from random import Random
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.pipeline.group.guests import GuestSatisfaction
from matinee.pipeline.group.verdict import NightVerdict, VerdictKind, night_verdict

Values = tuple[str, float, int, float]  # name, satisfaction, choice rank, best satisfaction

VERDICTS: list[tuple[list[Values], NightVerdict]] = [
    ([("Ann", 1, 1, 1), ("Bob", 0.3, 1, 0.3)], NightVerdict("first")),
    ([("Ann", 0.9, 2, 1), ("Bob", 0.5, 41, 1)], NightVerdict("high")),
    ([("Ann", 1, 1, 1), ("Bob", 0.49, 41, 1)], NightVerdict("costly", "Bob")),
    # Cyd is less satisfied, but would not be more satisfied with any other movie.
    ([("Ann", 0.6, 12, 1), ("Bob", 0.45, 3, 1), ("Cyd", 0.2, 2, 0.25)], NightVerdict("costly", "Bob")),
    ([("Ann", 0.95, 2, 1), ("Cyd", 0.2, 2, 0.25)], NightVerdict("poor", "Cyd")),
]


def guest(values: Values) -> GuestSatisfaction:
    name, satisfaction, choice_rank, best = values
    return GuestSatisfaction(name, satisfaction, choice_rank, best, choice_rank, False, None, ())


@pytest.mark.parametrize(("guests", "verdict"), VERDICTS)
def test_verdicts_by_hand(guests: list[Values], verdict: NightVerdict) -> None:
    assert night_verdict([guest(values) for values in guests]) == verdict


def test_every_kind_is_tested() -> None:
    assert {verdict.kind for _, verdict in VERDICTS} == set(get_args(VerdictKind))


satisfactions = st.builds(
    lambda satisfaction, more, choice_rank: (satisfaction, choice_rank, min(1.0, satisfaction + more)),
    st.floats(0.01, 1),
    st.floats(0, 1),
    st.integers(1, 4000),
)


@given(st.lists(satisfactions, min_size=2, max_size=8), st.randoms(use_true_random=False))
def test_the_verdict_does_not_depend_on_the_order_of_guests(
    group: list[tuple[float, int, float]], random: Random
) -> None:
    guests = [guest((str(number), *values)) for number, values in enumerate(group)]
    kind = night_verdict(guests).kind
    random.shuffle(guests)
    assert night_verdict(guests).kind == kind
