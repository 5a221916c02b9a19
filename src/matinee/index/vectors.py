"""The rows of many vectors that have the highest dot product with a query: exactly, or nearly so and faster."""

from typing import Any

import numpy as np
import numpy.typing as npt

from matinee.arrays import Embeddings
from matinee.errors import ConfigError, NotFoundError
from matinee.index.top import top_rows
from matinee.progress import track

Found = tuple[npt.NDArray[np.int32], Embeddings]  # rows and scores, (queries, k) each

_BLOCK_BYTES = 16 << 20  # of scores, or of vectors looked at again, held at a time
_LINKED_AT_ONCE = 10_000  # vectors put into the graph between two reports of progress


class ExactIndex:
    """Looks at every vector. Raises `ConfigError` for arrays of the wrong shape or with what is not a number."""

    def __init__(self, vectors: Embeddings):
        self.vectors = _checked(vectors, None)  # (m, d)

    def add(self, vectors: Embeddings) -> None:
        """Append rows: (n, d)."""
        self.vectors = np.concatenate([self.vectors, _checked(vectors, self.vectors.shape[1])])

    def search(self, queries: Embeddings, k: int) -> Found:
        """The best k rows for each query and their dot products, best first: (q, d) -> (q, k) int32, (q, k) float32.

        Equal scores come in row order. Where there are only m < k vectors, there are m columns.
        """
        queries = _checked(queries, self.vectors.shape[1])
        k = min(k, len(self.vectors))
        rows, scores = np.empty((len(queries), k), dtype=np.int32), np.empty((len(queries), k), dtype=np.float32)
        step = max(1, _BLOCK_BYTES // max(self.vectors.itemsize * len(self.vectors), 1))
        for start in range(0, len(queries), step):
            block = slice(start, start + step)
            products = queries[block] @ self.vectors.T  # (block, m)
            rows[block] = top_rows(products, k)
            scores[block] = np.take_along_axis(products, rows[block], axis=1)
        return rows, scores


class HNSWIndex:
    """Walks a graph of neighbours (Malkov & Yashunin 2018) and so meets most of the best rows, not surely all.

    Neighbours are by dot product itself (ip-NSW, Morozov & Babenko 2018), of vectors less their mean: that takes the
    same number from every score of a query, so no order changes, and without it a direction common to all vectors
    leads every walk to the same few of them. The usual detour, appending sqrt(M^2 - |x|^2) to make it a search by
    distance (Bachrach et al. 2014), was measured too: it lost most of the best rows where lengths vary widely.

    `M` is the number of links of each row, `ef_construction` and `ef_search` how many rows a walk keeps in view.
    Raises `NotFoundError` without the faiss library, otherwise as `ExactIndex`.
    """

    def __init__(self, vectors: Embeddings, M: int = 32, ef_construction: int = 100, ef_search: int = 128):
        self.exact = ExactIndex(vectors)
        self.M, self.ef_construction, self.ef_search = M, ef_construction, ef_search
        self._build()

    def add(self, vectors: Embeddings) -> None:
        """Append rows: (n, d). The graph is built anew, about a new mean, whenever they have doubled since."""
        before = len(self.exact.vectors)
        self.exact.add(vectors)
        if len(self.exact.vectors) > 2 * self.built_from:
            self._build()
        else:
            self._link(self.exact.vectors[before:])

    def search(self, queries: Embeddings, k: int) -> Found:
        """As `ExactIndex.search`, but a few of the best rows may be missing; the scores are exact."""
        queries = _checked(queries, self.exact.vectors.shape[1])
        k = min(k, len(self.exact.vectors))
        if not k:
            return self.exact.search(queries, k)
        settings = _faiss().SearchParametersHNSW(efSearch=max(self.ef_search, 2 * k))
        rows = self.graph.search(queries, k, params=settings)[1].astype(np.int32)  # (q, k), -1 where the walk ended
        scores = self._scores(queries, rows)
        order = np.lexsort((rows, -scores), axis=1)
        rows, scores = np.take_along_axis(rows, order, axis=1), np.take_along_axis(scores, order, axis=1)
        short = np.flatnonzero((rows < 0).any(axis=1))
        rows[short], scores[short] = self.exact.search(queries[short], k)
        return rows, scores

    def _build(self) -> None:
        vectors = self.exact.vectors
        faiss = _faiss()
        self.built_from = len(vectors)
        self.mean = vectors.sum(axis=0) / max(len(vectors), 1)  # (d,)
        self.graph = faiss.IndexHNSWFlat(vectors.shape[1], self.M, faiss.METRIC_INNER_PRODUCT)
        self.graph.hnsw.efConstruction = self.ef_construction
        self._link(vectors)

    def _link(self, vectors: Embeddings) -> None:
        for start in track(range(0, len(vectors), _LINKED_AT_ONCE), "index"):
            self.graph.add(vectors[start : start + _LINKED_AT_ONCE] - self.mean)

    def _scores(self, queries: Embeddings, rows: npt.NDArray[np.int32]) -> Embeddings:
        """The dot product of each query with each of its rows: (q, d), (q, k) -> (q, k)."""
        scores = np.empty(rows.shape, dtype=np.float32)
        step = max(1, _BLOCK_BYTES // (self.exact.vectors[0].nbytes * rows.shape[1]))
        for start in range(0, len(rows), step):
            block = slice(start, start + step)
            scores[block] = np.einsum("qd,qkd->qk", queries[block], self.exact.vectors[rows[block]])
        return scores


def make_index(vectors: Embeddings, approximate_above: int = 100_000) -> ExactIndex | HNSWIndex:
    """An exact index of these (m, d) vectors, or an approximate one of more than `approximate_above`."""
    return HNSWIndex(vectors) if len(vectors) > approximate_above else ExactIndex(vectors)


def _faiss() -> Any:
    try:
        import faiss
    except ImportError as missing:
        raise NotFoundError("HNSWIndex needs faiss, which is not installed: pip install 'matinee[ann]'") from missing
    return faiss


def _checked(vectors: Embeddings, width: int | None) -> Embeddings:
    """As a contiguous float32 array of (n, width), whatever the width if it is None."""
    array = np.ascontiguousarray(vectors, dtype=np.float32)
    if array.ndim != 2 or width not in (None, array.shape[1]):
        raise ConfigError(f"vectors of shape {array.shape} for an index; expected (n, {width or 'width'})")
    if not np.isfinite(array).all():
        row = int(np.flatnonzero(~np.isfinite(array).all(axis=1))[0])
        raise ConfigError(f"vector {row} of {len(array)} for an index is not finite; expected numbers alone")
    return array
