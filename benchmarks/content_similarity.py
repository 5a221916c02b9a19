"""Are neighbours by facts also neighbours by taste, and how much does each kind of fact contribute?"""

from collections.abc import Sequence

import numpy as np

from benchmarks.harness import fastest, ml_100k, movie_table, record, tmdb_catalogue
from matinee.arrays import AnyFloats, AnyRows
from matinee.data.dataset import Dataset
from matinee.data.linking.catalogue_join import join_catalogue
from matinee.features.facts import KINDS, fact_vectors
from matinee.models.registry import make

MIN_RATINGS = 20
K, N_NEIGHBOURS = 10, 50


def run() -> None:
    """Compare the ten most similar movies by facts with the fifty most similar by `ease`, on MovieLens 100K."""
    data, _ = join_catalogue(join_catalogue(ml_100k(), tmdb_catalogue().movies)[0], movie_table())
    rated_rows = np.flatnonzero(data.counts >= MIN_RATINGS)
    ease = make("ease").fit(data)
    neighbours = _nearest(
        np.stack([ease.similar(np.array([row], dtype=np.int32))[0][rated_rows] for row in rated_rows]), N_NEIGHBOURS
    )
    kinds = [kind for kind in KINDS if kind == "decade" or kind in data.movies.columns]
    record(
        "content_similarity",
        f"MovieLens 100K with TMDB and the movie table: share of the {K} most similar movies by facts that are among "
        f"the {N_NEIGHBOURS} most similar by ratings, over movies with {MIN_RATINGS} ratings or more?",
        {
            "movies": len(rated_rows),
            "chance": round(N_NEIGHBOURS / (len(rated_rows) - 1), 4),
            "all kinds": _agreement(data, kinds, rated_rows, neighbours),
            "without": {
                kind: _agreement(data, [k for k in kinds if k != kind], rated_rows, neighbours) for kind in kinds
            },
            "twice as much of": {kind: _agreement(data, [*kinds, kind], rated_rows, neighbours) for kind in kinds},
            "one kind alone": {kind: _agreement(data, [kind], rated_rows, neighbours) for kind in kinds},
            "seconds to build the vectors": round(fastest(lambda: fact_vectors(data.movies)), 3),
        },
    )


def _agreement(data: Dataset, kinds: Sequence[str], rated_rows: AnyRows, neighbours: AnyRows) -> float:
    facts = fact_vectors(data.movies, kinds)[rated_rows]
    nearest = _nearest((facts @ facts.T).toarray(), K)
    hits = [np.isin(own, others_near).mean() for own, others_near in zip(nearest, neighbours, strict=True)]
    return round(float(np.mean(hits)), 4)


def _nearest(similarity: AnyFloats, k: int) -> AnyRows:
    """Return the k most similar others of each: (n, n) -> (n, k)."""
    others = similarity.astype(np.float64)
    np.fill_diagonal(others, -np.inf)
    return np.argsort(-others, axis=1, kind="stable")[:, :k]
