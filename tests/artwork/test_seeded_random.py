from collections import Counter

from matinee.artwork.seeded_random import SeededRandom


def test_numbers_are_those_of_splitmix64() -> None:
    """The first numbers that the published generator gives from state 0."""
    rng = SeededRandom(0)
    assert [rng.randint(0, 2**64 - 1) for _ in range(3)] == [
        0xE220A8397B1DCDAF,
        0x6E789E6AA1B965F4,
        0x06C45D188009454F,
    ]


def test_the_seed_decides_the_numbers() -> None:
    def draw_numbers(text: str) -> list[int]:
        rng = SeededRandom.of(text)
        return [rng.randint(1, 1000) for _ in range(20)]

    assert draw_numbers("heat") == draw_numbers("heat")
    assert draw_numbers("heat") != draw_numbers("heaT")
    assert len(draw_numbers("\ud800")) == 20  # half of a pair, as broken files hold


def test_numbers_reach_their_bounds_and_stay_within() -> None:
    rng = SeededRandom(1)
    numbers = {rng.randint(2, 4) for _ in range(200)}
    assert numbers == {2, 3, 4}
    assert all(-5 <= rng.uniform(-5, 5) <= 5 for _ in range(200))
    assert {rng.coin() for _ in range(50)} == {True, False}


def test_choices_are_about_equally_frequent() -> None:
    rng = SeededRandom(7)
    counts = Counter(rng.choice("abcd") for _ in range(4000))
    assert set(counts) == set("abcd")
    assert all(850 < count < 1150 for count in counts.values())


def test_shuffling_keeps_all_items_and_its_input() -> None:
    order = list(range(30))
    shuffled = SeededRandom(3).shuffled(order)
    assert shuffled != order
    assert sorted(shuffled) == order == list(range(30))
