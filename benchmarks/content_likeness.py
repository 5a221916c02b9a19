"""How often are neighbours by the facts of a catalogue neighbours in taste too, and what is each kind of fact worth?"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from benchmarks.measuring import fastest, film_table, ml_100k, record, tmdb_catalogue
from matinee.data.dataset import Dataset
from matinee.data.linking.catalogue_join import join_catalogue
from matinee.features.facts import KINDS, fact_vectors
from matinee.models.registry import make

LEAST_RATINGS = 20
K, NEAR = 10, 50

Rows = npt.NDArray[np.intp]


def run() -> None:
    """MovieLens 100K with TMDB and the film table: the ten likest by facts, among the fifty likest by `ease`."""
    data, _ = join_catalogue(join_catalogue(ml_100k(), tmdb_catalogue().movies)[0], film_table())
    known = np.flatnonzero(data.counts >= LEAST_RATINGS)
    ease = make("ease").fit(data)
    near = _nearest(np.stack([ease.similar(np.array([row], dtype=np.int32))[0][known] for row in known]), NEAR)
    kinds = [kind for kind in KINDS if kind == "decade" or kind in data.movies.columns]
    record(
        "content_likeness",
        f"MovieLens 100K with TMDB and the film table: share of the {K} movies likest by their facts that are among "
        f"the {NEAR} likest by who rated them, over movies with {LEAST_RATINGS} ratings or more?",
        {
            "movies": len(known),
            "chance": round(NEAR / (len(known) - 1), 4),
            "all kinds": _agreement(data, kinds, known, near),
            "without": {kind: _agreement(data, [k for k in kinds if k != kind], known, near) for kind in kinds},
            "twice as much of": {kind: _agreement(data, [*kinds, kind], known, near) for kind in kinds},
            "one kind alone": {kind: _agreement(data, [kind], known, near) for kind in kinds},
            "seconds to make the vectors": round(fastest(lambda: fact_vectors(data.movies)), 3),
        },
    )


def _agreement(data: Dataset, kinds: Sequence[str], known: Rows, near: Rows) -> float:
    facts = fact_vectors(data.movies, kinds)[known]
    likest = _nearest((facts @ facts.T).toarray(), K)
    hits = [np.isin(mine, theirs).mean() for mine, theirs in zip(likest, near, strict=True)]
    return round(float(np.mean(hits)), 4)


def _nearest(likeness: npt.NDArray[np.floating], k: int) -> Rows:
    """The k likest others of each: (n, n) -> (n, k)."""
    others = likeness.astype(np.float64)
    np.fill_diagonal(others, -np.inf)
    return np.argsort(-others, axis=1, kind="stable")[:, :k]
