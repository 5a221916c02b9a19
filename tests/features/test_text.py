import numpy as np
import polars as pl
import pytest
from scipy import sparse

from matinee.features.text import overview_vectors, reduce_dimensions

SEA = ["A whale hunts a sailor across the ocean", "The sailor fights a whale in the ocean"]
SPACE = ["An astronaut repairs a rocket near Mars", "A rocket carries the astronaut to Mars"]


def test_overviews_about_the_same_are_near() -> None:
    vectors = overview_vectors(pl.Series([*SEA, *SPACE, None]), width=2)
    assert (vectors.shape, vectors.dtype) == ((5, 2), np.float32)
    similarity = vectors @ vectors.T
    assert similarity[0, 1] > 5 * abs(similarity[0, 2])
    assert similarity[2, 3] > 5 * abs(similarity[1, 3])
    assert not vectors[4].any()


def test_the_same_every_time() -> None:
    texts = pl.Series([f"{first} {second}" for first in SEA for second in SPACE])
    np.testing.assert_array_equal(overview_vectors(texts, 3), overview_vectors(texts, 3))


@pytest.mark.parametrize("texts", [[None, None], ["", "the of and"], []])
def test_nothing_to_read_has_no_columns(texts: list[str | None]) -> None:
    assert overview_vectors(pl.Series(texts, dtype=pl.String)).shape == (len(texts), 0)


def test_no_more_directions_than_there_are_and_lengths_are_kept() -> None:
    matrix = sparse.csr_matrix(np.array([[3.0, 0, 4], [0, 2, 0]]))
    vectors = reduce_dimensions(matrix, 10)
    assert vectors.shape == (2, 2)
    np.testing.assert_allclose(vectors @ vectors.T, [[25, 0], [0, 4]], atol=1e-5)
