"""What does variety cost? The dials `recommend --diversity` and `--exploration` from end to end."""

from benchmarks.measuring import RESULTS, ml_1m, ml_100k, record
from matinee.data.files import write_bytes
from matinee.data.splits import make_split
from matinee.evaluation.tradeoff import draw_tradeoff, measure_tradeoff
from matinee.models.registry import make


def run() -> None:
    """NDCG@10, variety within a list and coverage at each notch, on MovieLens 100K and 1M, leave-last."""
    sets = {"MovieLens 100K": ml_100k(), "MovieLens 1M": ml_1m()}
    dials = {name: measure_tradeoff(make("blend"), make_split(data, "leave-last")) for name, data in sets.items()}
    record(
        "diversity_dial",
        "Leave-last, lists of 10 by blend: NDCG, 1 - mean genre cosine within a list, and coverage at each notch?",
        {name: one.to_json() for name, one in dials.items()},
    )
    write_bytes(RESULTS / "diversity_dial.png", draw_tradeoff(dials))
