"""How long is one epoch of our networks, and of the same models in peer libraries?

The peers need older packages, so they run in a separate environment. `$MATINEE_PEERS` is the path of its Python, and
`benchmarks/peers/__init__.py` describes how to create it.
"""

import json
import os
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.harness import Skipped, ml_1m, record
from matinee.data.dataset import Dataset
from matinee.models.registry import make
from matinee.training.negatives import NegativeSampler

PEERS = Path(__file__).parent / "peers"
ROUNDS = 2  # ours and the peers alternate
PAIRS = 400_000  # of the peer's timing; an epoch has four million
AS_WRITTEN = {
    "user_id": True,
    "history": "none",
    "embedding_dim": 128,
    "hidden_dims": (64, 64),
    "loss": "bce",
    "negatives": 3,
}


def run() -> None:
    """Time them in the same run."""
    python = os.environ.get("MATINEE_PEERS")
    if not python:
        raise Skipped("needs the Python of an environment with RecTools and torch-rechub in MATINEE_PEERS")
    data = ml_1m()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        results = {f"sasrec, length {length}": _sasrec(data, length, python, folder) for length in (50, 200)}
        results["dssm, BCE with 3 negatives, batches of 128 pairs"] = _dssm(data, python, folder)
    results["sasrec, length 200, random windows (default)"] = {"our_seconds": _epoch(data, "sasrec", windows="random")}
    results["dssm (default)"] = {"our_seconds": _epoch(data, "dssm")}
    record("epoch_seconds", "MovieLens 1M: seconds of one epoch, ours and a peer's in the same run?", results)


def _sasrec(data: Dataset, length: int, python: str, folder: Path) -> dict:
    """Compare SASRec: 64 dimensions, 2 blocks, 1 head, full softmax, 128 users per batch, the latest movies of each."""
    ratings = folder / "ratings.npz"
    np.savez(ratings, user=data.ratings.user, movie=data.ratings.movie, order=data.ratings.timestamp)
    ours, peers = [], []
    for _ in range(ROUNDS):
        ours.append(_epoch(data, "sasrec", max_length=length, windows="latest"))
        peers.append(min(_peer(python, "rectools_sasrec.py", ratings, length, 1)))
    return _compare(min(ours), min(peers), "RecTools")


def _dssm(data: Dataset, python: str, folder: Path) -> dict:
    """Compare DSSM: ids only, towers 128-64-64, Adam. The peer is timed on some of the pairs and scaled up."""
    rng = np.random.default_rng(0)
    sample = rng.choice(len(data.ratings), PAIRS // 4, replace=False)
    users = data.ratings.user[sample]
    drawn = NegativeSampler(data.histories, data.n_movies, "uniform").draw(users, 3, rng)
    movies = np.concatenate([data.ratings.movie[sample], drawn.ravel()])
    labels = np.concatenate([np.ones(len(sample)), np.zeros(drawn.size)]).astype(np.float32)
    order = rng.permutation(len(movies))
    pairs = folder / "pairs.npz"
    np.savez(pairs, user=np.concatenate([users, np.repeat(users, 3)])[order], movie=movies[order], label=labels[order])
    ours, peers = [], []
    for _ in range(ROUNDS):
        ours.append(_epoch(data, "dssm", batch_size=32, **AS_WRITTEN))
        part = _peer(python, "rechub_dssm.py", pairs, data.n_users, data.n_movies)
        peers.append(part * 4 * len(data.ratings) / PAIRS)
    return _compare(min(ours), min(peers), f"torch-rechub, scaled up from {PAIRS:,} pairs")


def _epoch(data: Dataset, name: str, batch_size: int | None = None, **settings: object) -> float:
    """Return the seconds of one epoch without validation."""
    sample = make(name, **settings).config.training  # the model's own, for one epoch
    changes = {"epochs": 1} | ({"batch_size": batch_size} if batch_size else {})
    model = make(name, training=sample.model_copy(update=changes), **settings).fit(data)
    return round(model.curve[0]["seconds"], 2)


def _peer(python: str, program: str, *arguments: object) -> float | list[float]:
    """Run a peer's program and return the JSON in its last line."""
    command = [python, str(PEERS / program), *map(str, arguments)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return json.loads(printed.strip().splitlines()[-1])


def _compare(ours: float, peers: float, peer: str) -> dict:
    return {"our_seconds": ours, "peer_seconds": round(peers, 2), "peer": peer, "times_faster": round(peers / ours, 2)}
