import threading
from collections.abc import Iterator

import pytest

from matinee.models.linear.prefetch import prefetch


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("n", [0, 1, 2, 10])
def test_all_is_made_in_the_order_it_is_asked_for(n: int, threads: int) -> None:
    assert list(prefetch(lambda one: one * one, range(n), threads)) == [one * one for one in range(n)]


def test_no_more_is_taken_than_the_threads_can_make_ahead() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for one in range(100):
            taken.append(one)
            yield one

    made = prefetch(lambda one: one, items(), threads=2)
    assert [next(made), next(made)] == [0, 1]
    assert len(taken) == 4


def test_two_are_made_at_once() -> None:
    both = threading.Barrier(2, timeout=10)
    assert list(prefetch(lambda one: both.wait() >= 0 and one, range(1, 5))) == [1, 2, 3, 4]


def test_an_error_comes_where_its_thing_would_have() -> None:
    made = prefetch(lambda one: 1 // one, [1, 1, 0, 1])
    assert [next(made), next(made)] == [1, 1]
    with pytest.raises(ZeroDivisionError):
        next(made)
