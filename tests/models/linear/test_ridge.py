import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matinee.models.linear.ridge import invert, neighbourhood_ridge, solve
from matinee.models.linear.sparse import Matrix


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
    solution = solve(lower, cross.copy(order="F"))
    np.testing.assert_allclose(gram @ solution, cross, atol=5e-3)


def test_a_neighbourhood_is_solved_with_its_strongest_features_alone() -> None:
    gram = np.array([[4, 1, 0], [1, 9, 2], [0, 2, 1]], dtype=np.float32)
    cross = np.array([[2, 0], [3, 0], [2, 5]], dtype=np.float32)
    # Strengths for the first target: 2/2 = 1, 3/3 = 1, 2/1 = 2; for the second only the last feature has any.
    solution = neighbourhood_ridge(Matrix(gram), Matrix(cross), ridge=1.0, neighbours=1).toarray()
    np.testing.assert_allclose(solution, [[0, 0], [0, 0], [2 / 2, 5 / 2]], rtol=1e-6)
    every = neighbourhood_ridge(Matrix(gram), Matrix(cross), ridge=1.0, neighbours=3).toarray()
    np.testing.assert_allclose((gram + np.eye(3)) @ every[:, 0], cross[:, 0], atol=1e-5)
