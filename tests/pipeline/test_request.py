import pytest

from matinee.data.histories import Histories
from matinee.errors import ConfigError
from matinee.pipeline.request import Request, no_rows

HISTORY = Histories.of([[1, 2]])


def test_a_request_has_neutral_defaults() -> None:
    request = Request(HISTORY)
    assert (request.k, request.diversity, request.exploration, request.seed) == (10, 0, 0, 0)
    assert not request.include_seen
    assert request.from_watchlist == "allow"
    assert request.filters.years == (None, None)
    assert len(request.not_interested) == len(request.watchlist) == len(no_rows()) == 0


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"history": Histories.of([])}, "one history, not 0"),
        ({"history": Histories.of([[1], [2]])}, "one history, not 2"),
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
def test_invalid_values_are_refused_in_one_line(values: dict[str, object], problem: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        Request(**{"history": HISTORY} | values)
    assert problem in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    "values", [{"k": 1}, {"diversity": 0.0}, {"diversity": 1.0}, {"exploration": 30.0}, {"history": Histories.of([[]])}]
)
def test_the_limits_of_each_range_are_valid(values: dict[str, object]) -> None:
    Request(**{"history": HISTORY} | values)
