"""How good are the closed-form models on MovieLens 1M, and how long does their evaluation take?"""

from benchmarks.harness import matinee_evaluate, ml_1m_folder, record

MODELS = ("popularity", "item_cf", "ease", "slist", "blend")
SHOWN = ("hr@10", "ndcg@10", "coverage@10", "novelty@10", "diversity@10")


def run() -> None:
    """Evaluate them, and record the time, memory and figures of the command."""
    report = matinee_evaluate(MODELS, ml_1m_folder(), "leave-last")
    record(
        "leave_last",
        "MovieLens 1M, the last movie of each user, the full catalogue: how good, how long, how much memory?",
        {
            "command": report["command"],
            "seconds": report["seconds"],
            "peak_memory_mb": report["peak_memory_mb"],
            "models": {model["name"]: headline(model) for model in report["models"]},
            "comparisons": report["comparisons"],
        },
    )


def headline(model: dict) -> dict:
    """Return the headline figures and costs of a model."""
    shown = {name: model["metrics"][name] for name in SHOWN}
    costs = {"fit_seconds": model["fit_seconds"], "score_seconds": model["score_seconds"]}
    return {**shown, **costs, **({"note": model["note"]} if model["note"] else {})}
