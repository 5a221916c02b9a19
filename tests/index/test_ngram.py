import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from matinee.index.ngram import NgramIndex

WORDS = ["alien", "aliens", "amelie", "shawshank", "redemption", "heat", "七人", "m"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("alein", "alien"),
        ("shawshenk", "shawshank"),
        ("redemtpion", "redemption"),
        ("hheat", "heat"),
        ("七人の", "七人"),
    ],
)
def test_a_typing_mistake_finds_the_text(typed: str, expected: str) -> None:
    number, similarity = NgramIndex(WORDS).nearest(typed, 3, 50)[0]
    assert WORDS[number] == expected
    assert similarity == pytest.approx(fuzz.ratio(typed, expected))


def test_texts_without_common_letters_are_not_found() -> None:
    assert NgramIndex(WORDS).nearest("qqq", 3, 0) == []
    assert NgramIndex(WORDS).nearest("", 3, 1) == []
    assert NgramIndex([]).nearest("heat", 3, 0) == []


@given(st.lists(st.text("abc", max_size=5), min_size=1, max_size=8, unique=True), st.text("abc", max_size=5))
def test_few_texts_match_a_full_comparison(texts: list[str], query: str) -> None:
    """For texts that share their first or last letter with the query."""
    matches = NgramIndex(texts).nearest(query, len(texts), 60)
    assert [round(similarity, 6) for _, similarity in matches] == sorted(
        (round(value, 6) for _, value in matches), reverse=True
    )
    for number, text in enumerate(texts):
        near = fuzz.ratio(query, text) >= 60 and (text[:1] == query[:1] or text[-1:] == query[-1:])
        assert not near or number in [value for value, _ in matches]


def test_at_most_k_texts_are_found() -> None:
    many = [f"word{n}" for n in range(1000)]
    matches = NgramIndex(many).nearest("word77", 5, 70)
    assert len(matches) == 5
    assert many[matches[0][0]] == "word77"
