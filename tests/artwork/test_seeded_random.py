from collections import Counter

from matinee.artwork.seeded_random import SeededRandom


def test_it_is_splitmix64() -> None:
    """The first numbers of the published generator from state 0."""
    dice = SeededRandom(0)
    assert [dice.randint(0, 2**64 - 1) for _ in range(3)] == [
        0xE220A8397B1DCDAF,
        0x6E789E6AA1B965F4,
        0x06C45D188009454F,
    ]


def test_the_same_text_falls_the_same_way_and_another_does_not() -> None:
    def thrown(text: str) -> list[int]:
        dice = SeededRandom.of(text)
        return [dice.randint(1, 1000) for _ in range(20)]

    assert thrown("heat") == thrown("heat")
    assert thrown("heat") != thrown("heaT")
    assert len(thrown("\ud800")) == 20  # half of a pair, as broken files hold


def test_draws_stay_within_their_bounds_and_reach_them() -> None:
    dice = SeededRandom(1)
    numbers = {dice.randint(2, 4) for _ in range(200)}
    assert numbers == {2, 3, 4}
    assert all(-5 <= dice.uniform(-5, 5) <= 5 for _ in range(200))
    assert {dice.coin() for _ in range(50)} == {True, False}


def test_picks_are_about_equally_frequent() -> None:
    dice = SeededRandom(7)
    counts = Counter(dice.choice("abcd") for _ in range(4000))
    assert set(counts) == set("abcd")
    assert all(850 < count < 1150 for count in counts.values())


def test_shuffling_loses_nothing_and_leaves_its_input_alone() -> None:
    order = list(range(30))
    shuffled = SeededRandom(3).shuffled(order)
    assert shuffled != order
    assert sorted(shuffled) == order == list(range(30))
