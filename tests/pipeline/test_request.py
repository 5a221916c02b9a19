import pytest

from matinee.data.histories import Histories
from matinee.errors import ConfigError
from matinee.pipeline.request import Request, no_rows

ONE = Histories.of([[1, 2]])


def test_what_is_not_said_asks_for_nothing() -> None:
    request = Request(ONE)
    assert (request.k, request.diversity, request.exploration, request.seed) == (10, 0, 0, 0)
    assert not request.seen_too
    assert request.from_watchlist == "allow"
    assert request.filters.years == (None, None)
    assert len(request.not_interested) == len(request.watchlist) == len(no_rows()) == 0


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"history": Histories.of([])}, "one history, and 0 were given"),
        ({"history": Histories.of([[1], [2]])}, "one history, and 2 were given"),
        ({"k": 0}, "k=0 movies"),
        ({"k": -3}, "k=-3 movies"),
        ({"diversity": -0.1}, "diversity=-0.1"),
        ({"diversity": 1.5}, "diversity=1.5"),
        ({"diversity": float("nan")}, "diversity=nan"),
        ({"exploration": -1.0}, "exploration=-1"),
        ({"exploration": float("inf")}, "exploration=inf"),
        ({"exploration": float("nan")}, "exploration=nan"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_one_line(given: dict[str, object], told: str) -> None:
    with pytest.raises(ConfigError) as refused:
        Request(**{"history": ONE} | given)
    assert told in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "given", [{"k": 1}, {"diversity": 0.0}, {"diversity": 1.0}, {"exploration": 30.0}, {"history": Histories.of([[]])}]
)
def test_the_ends_of_what_can_be_meant_are_taken(given: dict[str, object]) -> None:
    Request(**{"history": ONE} | given)
