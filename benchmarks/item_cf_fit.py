"""Is `item_cf` fitted as fast as the same model of `implicit`?"""

import warnings

from benchmarks.measuring import fastest, ml_1m, record
from matinee.models.linear.item_cf import ItemCF
from matinee.models.linear.sparse import user_movie_matrix


def run() -> None:
    """Both with 50 neighbours on all of MovieLens 1M, taking turns, all cores."""
    from implicit.nearest_neighbours import CosineRecommender

    data = ml_1m()
    matrix = user_movie_matrix(data.histories, data.n_movies)

    def ours() -> None:
        ItemCF(neighbours=50).fit(data)

    def theirs() -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            CosineRecommender(K=50).fit(matrix, show_progress=False)

    ours(), theirs()  # the first run of each loads what the others need
    rounds = [(fastest(ours, 1), fastest(theirs, 1)) for _ in range(15)]
    matinee_seconds, implicit_seconds = min(one for one, _ in rounds), min(one for _, one in rounds)
    record(
        "item_cf_fit",
        "Fitting cosine item-item neighbours on MovieLens 1M: seconds, and ratio to implicit's CosineRecommender.",
        {
            "matinee_seconds": round(matinee_seconds, 3),
            "implicit_seconds": round(implicit_seconds, 3),
            "ratio": round(matinee_seconds / implicit_seconds, 2),
            "rounds": [[round(one, 3), round(other, 3)] for one, other in rounds],
        },
    )
