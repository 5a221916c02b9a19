"""Is `item_cf` fitted as fast as the same model of `implicit`?"""

import warnings

from benchmarks.harness import fastest, ml_1m, record
from matinee.models.linear.item_cf import ItemCF
from matinee.models.linear.sparse import user_movie_matrix


def run() -> None:
    """Fit both in turns with 50 neighbours on all of MovieLens 1M, on all cores."""
    from implicit.nearest_neighbours import CosineRecommender

    data = ml_1m()
    matrix = user_movie_matrix(data.histories, data.n_movies)

    def fit_ours() -> None:
        ItemCF(neighbours=50).fit(data)

    def fit_implicit() -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            CosineRecommender(K=50).fit(matrix, show_progress=False)

    fit_ours(), fit_implicit()  # the first run loads libraries
    rounds = [(fastest(fit_ours, 1), fastest(fit_implicit, 1)) for _ in range(15)]
    matinee_seconds, implicit_seconds = min(ours for ours, _ in rounds), min(ours for _, ours in rounds)
    record(
        "item_cf_fit",
        "Fitting cosine item-item neighbours on MovieLens 1M: seconds, and ratio to implicit's CosineRecommender.",
        {
            "matinee_seconds": round(matinee_seconds, 3),
            "implicit_seconds": round(implicit_seconds, 3),
            "ratio": round(matinee_seconds / implicit_seconds, 2),
            "rounds": [[round(ours, 3), round(implicit, 3)] for ours, implicit in rounds],
        },
    )
