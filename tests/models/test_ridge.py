import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matinee.models.ridge import invert, neighbourhood_ridge, solve, top_entries
from matinee.models.sparse import Matrix


def positive_definite(n: int, seed: int) -> np.ndarray:
    X = np.random.default_rng(seed).normal(size=(2 * n, n)).astype(np.float32)
    return X.T @ X + np.eye(n, dtype=np.float32)


@settings(max_examples=25, deadline=None)
@given(n=st.integers(1, 40), seed=st.integers(0, 99))
def test_invert_inverts(n: int, seed: int) -> None:
    gram = positive_definite(n, seed)
    np.testing.assert_allclose(invert(gram.copy()) @ gram, np.eye(n), atol=2e-3)


def test_the_inverse_is_symmetric_across_stripes() -> None:
    gram = positive_definite(1100, 0)  # more than two stripes of the copy
    inverse = invert(gram.copy())
    np.testing.assert_array_equal(inverse, inverse.T)


@settings(max_examples=25, deadline=None)
@given(n=st.integers(1, 30), m=st.integers(1, 5), seed=st.integers(0, 99))
def test_solve_reads_the_lower_triangle_alone(n: int, m: int, seed: int) -> None:
    gram = positive_definite(n, seed)
    cross = np.random.default_rng(seed).normal(size=(n, m)).astype(np.float32)
    lower = np.tril(gram) + np.triu(np.full_like(gram, np.nan), 1)
    found = solve(lower, cross.copy(order="F"))
    np.testing.assert_allclose(gram @ found, cross, atol=5e-3)


def test_top_entries_keep_the_strongest_by_cosine_and_stay_symmetric() -> None:
    counts = np.array([[9, 6, 1], [6, 100, 3], [1, 3, 4]], dtype=np.float32)
    sizes = np.array([9, 100, 4])
    # Cosines: 0-1 6/30 = 0.2, 0-2 1/6 = 0.17, 1-2 3/20 = 0.15. Besides the diagonal, row 0 and row 1 keep each
    # other; row 2 keeps 0, which then keeps 2 as well.
    kept = top_entries(iter([counts[:2], counts[2:]]), sizes, keep=2).toarray()
    np.testing.assert_array_equal(kept, [[9, 6, 1], [6, 100, 0], [1, 0, 4]])


def test_a_neighbourhood_that_is_not_positive_definite_is_still_solved() -> None:
    gram = Matrix(np.array([[1, 5], [5, 1]], dtype=np.float32))
    cross = Matrix(np.array([[1], [2]], dtype=np.float32))
    found = neighbourhood_ridge(gram, cross, ridge=0.5, neighbours=2).toarray()
    np.testing.assert_allclose(np.array([[1.5, 5], [5, 1.5]]) @ found, cross.toarray(), atol=1e-4)
