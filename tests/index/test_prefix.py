import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from matinee.index.prefix import PrefixIndex

texts = st.text(st.sampled_from("abé七 "), max_size=4)
pairs = st.lists(st.tuples(texts, st.integers(0, 5)), max_size=12)


def frame(some: list[tuple[str, int]]) -> pl.DataFrame:
    return pl.DataFrame(some, schema={"text": pl.String, "row": pl.Int32}, orient="row")


@given(pairs, texts)
def test_it_gives_the_rows_that_looking_through_all_gives(some: list[tuple[str, int]], wanted: str) -> None:
    index = PrefixIndex(frame(some))
    assert set(index.with_prefix(wanted).tolist()) == {row for text, row in some if text.startswith(wanted)}
    assert index.exactly(wanted).tolist() == sorted({row for text, row in some if text == wanted})
    assert index.texts == sorted({text for text, _ in some})
    assert [index.at(place).tolist() for place in range(len(index.texts))] == [
        index.exactly(text).tolist() for text in index.texts
    ]


@given(pairs, texts)
def test_words_are_found_inside_texts(some: list[tuple[str, int]], wanted: str) -> None:
    index = PrefixIndex.of_words(frame(some))
    prefix = wanted.replace(" ", "")
    expected = {row for text, row in some for word in text.split(" ") if word and word.startswith(prefix)}
    assert set(index.with_prefix(prefix).tolist()) == expected
