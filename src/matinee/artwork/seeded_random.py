"""Random numbers that are the same on every machine and in every version of Python."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

_STEP, _FIRST, _SECOND = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
_64_BITS = (1 << 64) - 1


class SeededRandom:
    """SplitMix64, a generator with a state of 64 bits (Steele, Lea and Flood, OOPSLA 2014)."""

    def __init__(self, state: int) -> None:
        self._state = state

    @classmethod
    def of(cls, text: str) -> "SeededRandom":
        """A generator seeded with a text."""
        digest = hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=8).digest()
        return cls(int.from_bytes(digest, "big"))

    def uniform(self, low: float, high: float) -> float:
        """A number from `low` to `high`, rounded to a tenth."""
        return round(low + (high - low) * self._next() / (_64_BITS + 1), 1)

    def randint(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + self._next() % (high - low + 1)

    def choice(self, items: Sequence[T]) -> T:
        """One of the items."""
        return items[self._next() % len(items)]

    def coin(self) -> bool:
        """True or False, with equal probability."""
        return self._next() % 2 == 1

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """The items in random order (Fisher and Yates)."""
        order = list(items)
        for last in range(len(order) - 1, 0, -1):
            other = self._next() % (last + 1)
            order[last], order[other] = order[other], order[last]
        return order

    def _next(self) -> int:
        self._state = (self._state + _STEP) & _64_BITS
        mixed = self._state
        mixed = ((mixed ^ mixed >> 30) * _FIRST) & _64_BITS
        mixed = ((mixed ^ mixed >> 27) * _SECOND) & _64_BITS
        return mixed ^ mixed >> 31
