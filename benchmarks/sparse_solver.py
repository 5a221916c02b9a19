"""How much accuracy does the sparse solver cost, and how much memory does it save?"""

from benchmarks.harness import ml_1m, record
from matinee.data.splits import make_split
from matinee.evaluation.evaluate import evaluate
from matinee.models.registry import make

NEIGHBOURS = (50, 200)


def run() -> None:
    """Compare dense and sparse solvers of `ease` and `slist` on MovieLens 1M, leave-last."""
    split = make_split(ml_1m(), "leave-last")
    models = {name: make(name) for name in ("ease", "slist")}
    models |= {
        f"{name}, {n} neighbours": make(name, solver="sparse", neighbours=n)
        for name in ("ease", "slist")
        for n in NEIGHBOURS
    }
    report = evaluate(models, split, (10,))
    stored = {name: sum(array.nbytes for array in model.state().values()) for name, model in models.items()}
    record(
        "sparse_solver",
        "Dense closed forms against the sparse solver on MovieLens 1M, leave-last: NDCG@10, seconds, megabytes stored.",
        {
            model.name: {
                "ndcg@10": model.metrics["ndcg@10"].value,
                "low": model.metrics["ndcg@10"].low,
                "high": model.metrics["ndcg@10"].high,
                "fit_seconds": model.fit_seconds,
                "stored_mb": round(stored[model.name] / 1e6, 1),
            }
            for model in report.models
        },
    )
