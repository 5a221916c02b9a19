"""How long is one epoch of the deep models, and of the same models in peer libraries?

The peers need older packages than ours, so they live in an environment of their own, whose Python
`$MATINEE_PEERS` names; `benchmarks/peers/__init__.py` says how to make it.
"""

import json
import os
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.measuring import Skipped, ml_1m, record
from matinee.data.dataset import Dataset
from matinee.models.registry import make
from matinee.training.negatives import NegativeSampler

PEERS = Path(__file__).parent / "peers"
ROUNDS = 2  # ours and theirs take turns
PAIRS = 400_000  # that the peer's two towers are timed on; an epoch has four million
AS_WRITTEN = {"user_id": True, "history": "none", "width": 128, "layers": (64, 64), "loss": "bce", "negatives": 3}


def run() -> None:
    """Time them, one after the other, in the same run."""
    python = os.environ.get("MATINEE_PEERS")
    if not python:
        raise Skipped("needs the Python of an environment with RecTools and torch-rechub in MATINEE_PEERS")
    data = ml_1m()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        answer = {f"sasrec, length {length}": _sasrec(data, length, python, folder) for length in (50, 200)}
        answer["dssm, BCE with 3 negatives, batches of 128 pairs"] = _dssm(data, python, folder)
    answer["sasrec, length 200, random windows (default)"] = {"ours": _epoch(data, "sasrec", windows="random")}
    answer["dssm (default)"] = {"ours": _epoch(data, "dssm")}
    record("epoch_seconds", "MovieLens 1M: seconds of one epoch, ours and a peer's in the same run?", answer)


def _sasrec(data: Dataset, length: int, python: str, folder: Path) -> dict:
    """Both of width 64, 2 blocks, 1 head, full softmax, 128 users a batch, the latest movies of each."""
    ratings = folder / "ratings.npz"
    np.savez(ratings, user=data.ratings.user, movie=data.ratings.movie, order=data.ratings.timestamp)
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(_epoch(data, "sasrec", length=length, windows="latest"))
        theirs.append(min(_peer(python, "rectools_sasrec.py", ratings, length, 1)))
    return _compared(min(ours), min(theirs), "RecTools")


def _dssm(data: Dataset, python: str, folder: Path) -> dict:
    """Both of identifiers alone, towers 128-64-64, Adam; theirs timed on a part of the pairs and scaled up."""
    rng = np.random.default_rng(0)
    chosen = rng.choice(len(data.ratings), PAIRS // 4, replace=False)
    users = data.ratings.user[chosen]
    drawn = NegativeSampler(data.histories, data.n_movies, "uniform").draw(users, 3, rng)
    movies = np.concatenate([data.ratings.movie[chosen], drawn.ravel()])
    label = np.concatenate([np.ones(len(chosen)), np.zeros(drawn.size)]).astype(np.float32)
    order = rng.permutation(len(movies))
    pairs = folder / "pairs.npz"
    np.savez(pairs, user=np.concatenate([users, np.repeat(users, 3)])[order], movie=movies[order], label=label[order])
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(_epoch(data, "dssm", batch_size=32, **AS_WRITTEN))
        part = _peer(python, "rechub_dssm.py", pairs, data.n_users, data.n_movies)
        theirs.append(part * 4 * len(data.ratings) / PAIRS)
    return _compared(min(ours), min(theirs), f"torch-rechub, scaled up from {PAIRS:,} pairs")


def _epoch(data: Dataset, name: str, batch_size: int | None = None, **settings: object) -> float:
    """Seconds of one epoch, without validation."""
    chosen = make(name, **settings).config.training  # the model's own, for one epoch
    changes = {"epochs": 1} | ({"batch_size": batch_size} if batch_size else {})
    model = make(name, training=chosen.model_copy(update=changes), **settings).fit(data)
    return round(model.curve[0]["seconds"], 2)


def _peer(python: str, program: str, *arguments: object) -> float | list[float]:
    """What a peer's program printed last."""
    command = [python, str(PEERS / program), *map(str, arguments)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return json.loads(printed.strip().splitlines()[-1])


def _compared(ours: float, theirs: float, peer: str) -> dict:
    return {"ours": ours, "theirs": round(theirs, 2), "peer": peer, "times_faster": round(theirs / ours, 2)}
