import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from matinee.index.prefix import PrefixIndex

texts = st.text(st.sampled_from("abé七 "), max_size=4)
pairs = st.lists(st.tuples(texts, st.integers(0, 5)), max_size=12)


def frame(text_rows: list[tuple[str, int]]) -> pl.DataFrame:
    return pl.DataFrame(text_rows, schema={"text": pl.String, "row": pl.Int32}, orient="row")


@given(pairs, texts)
def test_rows_match_a_full_scan(text_rows: list[tuple[str, int]], query: str) -> None:
    index = PrefixIndex(frame(text_rows))
    assert set(index.with_prefix(query).tolist()) == {row for text, row in text_rows if text.startswith(query)}
    assert index.exactly(query).tolist() == sorted({row for text, row in text_rows if text == query})
    assert index.texts == sorted({text for text, _ in text_rows})
    assert [index.at(number).tolist() for number in range(len(index.texts))] == [
        index.exactly(text).tolist() for text in index.texts
    ]


@given(pairs, texts)
def test_words_are_found_inside_texts(text_rows: list[tuple[str, int]], query: str) -> None:
    index = PrefixIndex.of_words(frame(text_rows))
    prefix = query.replace(" ", "")
    expected = {row for text, row in text_rows for word in text.split(" ") if word and word.startswith(prefix)}
    assert set(index.with_prefix(prefix).tolist()) == expected
