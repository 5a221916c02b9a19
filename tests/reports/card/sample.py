"""A synthetic report in the form of `evaluate --json`, as a dictionary that tests can change."""

from typing import Any

QUALITY = {"random": 0.003, "popularity": 0.044, "ease": 0.105, "slist": 0.1203, "blend": 0.1239}
HITS = {"random": 0.006, "popularity": 0.089, "ease": 0.2036, "slist": 0.2269, "blend": 0.2333}
SECONDS = {"random": 0.0, "popularity": 0.01, "ease": 1.93, "slist": 3.8, "blend": 9.6}


def measure(value: float, width: float = 0.1) -> dict[str, float]:
    return {"value": value, "low": value * (1 - width), "high": value * (1 + width)}


def model(name: str, ndcg: float, hits: float, seconds: float) -> dict[str, Any]:
    metrics = {
        f"{metric}@{k}": measure(value * k / 10)
        for k in (10, 20)
        for metric, value in {
            "hr": hits,
            "ndcg": ndcg,
            "recall": hits,
            "coverage": ndcg * 2,
            "novelty": 5 + ndcg,
        }.items()
    }
    part = {"description": "the quarter of users with the shortest histories (at most 32 movies)", "users": 240}
    return {
        "name": name,
        "description": "the most-rated movies, the same for all" if name == "popularity" else f"what {name} is",
        "metrics": metrics,
        "fit_seconds": seconds,
        "score_seconds": 0.5,
        "peak_memory_mb": 812.0,
        "settings": {"ridge": 250.0, "decays": [0.6, 0.96]},
        "slices": {"cold users": part | {"metrics": {"ndcg@10": measure(ndcg / 2)}}},
    }


def comparison(better: str, worse: str, difference: float, low: float, p: float | None) -> dict[str, Any]:
    spread = difference - low
    interval = {"value": difference, "low": low, "high": difference + spread}
    return {"metric": "ndcg@10", "better": better, "worse": worse, "difference": interval, "p": p}


def sample_report() -> dict[str, Any]:
    """Five models; blend and slist are level, everything else is clear."""
    return {
        "protocol": {
            "split": "leave-last",
            "description": "find the movie each user rated last, knowing all before it",
            "dataset": "ml-100k",
            "fingerprint": "9f3c21d07ab54e18",
            "users": 943,
            "movies": 1682,
            "train_ratings": 98114,
            "validation_ratings": 943,
            "test_ratings": 943,
            "tested_users": 943,
            "dropped": ["3 users with fewer than 3 ratings are not tested"],
            "k": [10, 20],
            "seed": 0,
            "interval": "95% bootstrap over users, 1,000 resamples",
            "date": "2026-11-22",
            "version": "0.1.0",
            "machine": {"processor": "A processor", "cores": 2, "memory_gb": 23.4, "python": "3.11.7"},
        },
        "models": [model(name, QUALITY[name], HITS[name], SECONDS[name]) for name in QUALITY],
        "comparisons": [
            comparison("blend", "slist", 0.0036, -0.0005, 0.086),
            comparison("blend", "ease", 0.0189, 0.0146, 0.0004),
            comparison("blend", "popularity", 0.0799, 0.07, 0.0001),
            comparison("blend", "random", 0.1209, 0.11, 0.0001),
        ],
        "data": {
            "rating_histogram": {"1": 6110, "2": 11370, "3": 27145, "4": 34174, "5": 21201},
            "popularity_deciles": [0.55, 0.2, 0.11, 0.06, 0.03, 0.02, 0.015, 0.01, 0.004, 0.001],
        },
    }
