"""How good is a transformer on MovieLens 1M, alone and beside the closed forms?"""

import os
import tempfile
from pathlib import Path

from benchmarks.harness import matinee_evaluate, ml_1m_folder, record
from benchmarks.leave_last import headline

RECIPES = Path(__file__).parent.parent / "recipes"
MODELS = ("ease", "slist", "blend")
TRAINED = ("sasrec-ml-1m.toml", "blend-with-sasrec-ml-1m.toml")


def run() -> None:
    """Train for about an hour, then evaluate.

    `$MATINEE_CHECKPOINTS` names a folder for checkpoints, so that the training can be interrupted. `sasrec` is trained
    once and used both alone and in the blend.
    """
    with tempfile.TemporaryDirectory() as temporary:
        checkpoints = os.environ.get("MATINEE_CHECKPOINTS", temporary)
        models = [*MODELS, *(str(RECIPES / name) for name in TRAINED)]
        report = matinee_evaluate(models, ml_1m_folder(), "leave-last", "--checkpoints", checkpoints)
    record(
        "deep_leave_last",
        "MovieLens 1M, the last movie of each user, the full catalogue: what does a transformer add?",
        {
            "command": f"matinee evaluate {' '.join(MODELS)} {' '.join(f'recipes/{name}' for name in TRAINED)} "
            "--data ml-1m --split leave-last --checkpoints checkpoints --json out.json",
            "published": {
                "SASRec+ full softmax": {"hr@10": 0.3152, "ndcg@10": 0.1821},
                "SASRec+ 3,000 negatives": {"hr@10": 0.3159, "ndcg@10": 0.1857},
                "source": "Klenitskiy and Vasilev, RecSys 2023",
            },
            "seconds": report["seconds"],
            "peak_memory_mb": report["peak_memory_mb"],
            "models": {model["name"]: headline(model) for model in report["models"]},
            "comparisons": report["comparisons"],
        },
    )
