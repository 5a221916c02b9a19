"""How well are ratings predicted on a random tenth of MovieLens 1M?"""

from benchmarks.harness import matinee_evaluate, ml_1m_folder, record

MODELS = ("bias", "bayes_mf")


def run() -> None:
    """Run `matinee evaluate`. Published: SVD++ 0.862 (5-fold), I-AutoRec 0.831, Bayesian timeSVD++ 0.8140."""
    report = matinee_evaluate(MODELS, ml_1m_folder(), "random:0.1")
    record(
        "rating_prediction",
        "MovieLens 1M, a random tenth of the ratings: how large is the error of predicted ratings?",
        {
            "command": report["command"],
            "seconds": report["seconds"],
            "peak_memory_mb": report["peak_memory_mb"],
            "models": {
                model["name"]: {
                    **{name: model["metrics"][name] for name in ("rmse", "mae", "ndcg@10") if name in model["metrics"]},
                    "fit_seconds": model["fit_seconds"],
                    "score_seconds": model["score_seconds"],
                }
                for model in report["models"]
            },
        },
    )
