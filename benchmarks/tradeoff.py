"""How much accuracy do `recommend --diversity` and `--exploration` cost?"""

from benchmarks.harness import RESULTS, ml_1m, ml_100k, record
from matinee.data.files import write_bytes
from matinee.data.splits import make_split
from matinee.evaluation.tradeoff import draw_tradeoff, measure_tradeoff
from matinee.models.registry import make


def run() -> None:
    """Measure NDCG@10, variety within a list and coverage at each setting, on MovieLens 100K and 1M, leave-last."""
    sets = {"MovieLens 100K": ml_100k(), "MovieLens 1M": ml_1m()}
    curves = {name: measure_tradeoff(make("blend"), make_split(data, "leave-last")) for name, data in sets.items()}
    record(
        "tradeoff",
        "Leave-last, lists of 10 by blend: NDCG, 1 - mean genre cosine within a list, and coverage at each setting?",
        {name: curve.to_json() for name, curve in curves.items()},
    )
    write_bytes(RESULTS / "tradeoff.png", draw_tradeoff(curves))
