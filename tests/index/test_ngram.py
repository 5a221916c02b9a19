import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from matinee.index.ngram import NgramIndex

WORDS = ["alien", "aliens", "amelie", "shawshank", "redemption", "heat", "七人", "m"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("alein", "alien"),
        ("shawshenk", "shawshank"),
        ("redemtpion", "redemption"),
        ("hheat", "heat"),
        ("七人の", "七人"),
    ],
)
def test_a_slip_finds_what_was_meant(typed: str, meant: str) -> None:
    place, likeness = NgramIndex(WORDS).nearest(typed, 3, 50)[0]
    assert WORDS[place] == meant
    assert likeness == pytest.approx(fuzz.ratio(typed, meant))


def test_what_shares_no_letters_is_not_near() -> None:
    assert NgramIndex(WORDS).nearest("qqq", 3, 0) == []
    assert NgramIndex(WORDS).nearest("", 3, 1) == []
    assert NgramIndex([]).nearest("heat", 3, 0) == []


@given(st.lists(st.text("abc", max_size=5), min_size=1, max_size=8, unique=True), st.text("abc", max_size=5))
def test_among_few_texts_the_nearest_are_those_of_comparing_all(texts: list[str], wanted: str) -> None:
    """Of those that share a pair of letters or an edge."""
    found = NgramIndex(texts).nearest(wanted, len(texts), 60)
    assert [round(likeness, 6) for _, likeness in found] == sorted((round(one, 6) for _, one in found), reverse=True)
    for place, text in enumerate(texts):
        near = fuzz.ratio(wanted, text) >= 60 and (text[:1] == wanted[:1] or text[-1:] == wanted[-1:])
        assert not near or place in [one for one, _ in found]


def test_only_the_most_alike_of_many_are_given() -> None:
    many = [f"word{n}" for n in range(1000)]
    found = NgramIndex(many).nearest("word77", 5, 70)
    assert len(found) == 5
    assert many[found[0][0]] == "word77"
