"""From how many vectors on is an approximate search worth it, and what does it miss?"""

from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.measuring import Skipped, fastest, record
from matinee.index.vectors import ExactIndex, HNSWIndex

WIDTH, QUERIES, K = 64, 200, 10
# Skewed: most of the variance in few dimensions, lengths as popularity to the power 1/4. Even: all dimensions alike
# and lengths that vary widely, the hardest for a graph.
CASES = (("skewed", 4_000), ("even", 4_000), ("skewed", 50_000), ("even", 50_000), ("skewed", 200_000))
DISTANCE_TRIED_UP_TO = 50_000  # building a second graph of more takes minutes

Vectors = npt.NDArray[np.float32]


def run() -> None:
    """Milliseconds of a query asked alone, the share of the best ten that is found, and seconds to build."""
    try:
        import faiss  # noqa: F401
    except ImportError as error:
        raise Skipped("needs faiss: pip install 'matinee[ann]'") from error
    record(
        "vector_search",
        f"The {K} highest dot products of a query with vectors of width {WIDTH}: exact search beside HNSW.",
        {f"{n} {kind}": _measure(kind, n) for kind, n in CASES},
    )


def _measure(kind: str, n: int) -> dict[str, Any]:
    vectors, queries = _example(kind, n)
    exact = ExactIndex(vectors)
    best = exact.search(queries, K)[0]
    built: list[HNSWIndex] = []
    seconds = fastest(lambda: built.append(HNSWIndex(vectors)), 1)
    measured = {
        "exact_ms": _milliseconds(exact, queries),
        "hnsw_ms": _milliseconds(built[0], queries),
        "hnsw_recall": _recall(built[0].search(queries, K)[0], best),
        "hnsw_build_seconds": round(seconds, 1),
    }
    if n <= DISTANCE_TRIED_UP_TO:
        measured["recall_by_distance"] = _recall(_by_distance(built[0], queries), best)
    return measured


def _example(kind: str, n: int) -> tuple[Vectors, Vectors]:
    rng = np.random.default_rng(0)
    vectors, queries = rng.standard_normal((n, WIDTH)), rng.standard_normal((QUERIES, WIDTH))
    lengths = np.exp(rng.standard_normal(n) / 2)
    if kind == "skewed":
        spectrum = 1 / np.sqrt(np.arange(1, WIDTH + 1))
        vectors, queries = vectors * spectrum, queries * spectrum
        lengths = rng.zipf(1.5, n).clip(1, 100_000) ** 0.25
    vectors *= (lengths / np.linalg.norm(vectors, axis=1))[:, None]
    return vectors.astype(np.float32), queries.astype(np.float32)


def _milliseconds(index: ExactIndex | HNSWIndex, queries: Vectors) -> float:
    def one_by_one() -> None:
        for row in range(len(queries)):
            index.search(queries[row : row + 1], K)

    return round(1000 * fastest(one_by_one, 3) / len(queries), 3)


def _recall(found: npt.NDArray[np.integer], best: npt.NDArray[np.integer]) -> float:
    shared = [len(set(one) & set(other)) for one, other in zip(found.tolist(), best.tolist(), strict=True)]
    return round(sum(shared) / best.size, 3)


def _by_distance(index: HNSWIndex, queries: Vectors) -> npt.NDArray[np.integer]:
    """The same graph settings after sqrt(M^2 - |x|^2) is appended to each vector, which makes all equally long."""
    import faiss

    vectors = index.exact.vectors
    squares = np.square(vectors, dtype=np.float64).sum(axis=1)
    longest = squares.max()
    graph = faiss.IndexHNSWFlat(WIDTH + 1, index.M)
    graph.hnsw.efConstruction = index.ef_construction
    graph.add(np.column_stack([vectors, np.sqrt(longest - squares)]).astype(np.float32))
    scale = np.sqrt(longest) / np.linalg.norm(queries, axis=1, keepdims=True)
    asked = np.column_stack([queries * scale, np.zeros(len(queries))]).astype(np.float32)
    return graph.search(asked, K, params=faiss.SearchParametersHNSW(efSearch=index.ef_search))[1]
