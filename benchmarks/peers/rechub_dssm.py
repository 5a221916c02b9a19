"""Seconds of training steps of torch-rechub's DSSM: `python rechub_dssm.py PAIRS.npz USERS MOVIES` prints JSON.

PAIRS has user, movie, label. Identifiers alone, towers 128-64-64, one binary cross-entropy per pair, batches of 128.
"""

import json
import sys
import time

import numpy as np
from torch_rechub.basic.features import SparseFeature
from torch_rechub.models.matching import DSSM
from torch_rechub.trainers import MatchTrainer
from torch_rechub.utils.data import MatchDataGenerator


def main() -> None:
    """Train."""
    pairs = np.load(sys.argv[1])
    n_users, n_movies = int(sys.argv[2]), int(sys.argv[3])
    user, movie = (
        SparseFeature("user", vocab_size=n_users, embed_dim=128),
        SparseFeature("movie", vocab_size=n_movies, embed_dim=128),
    )
    towers = {"dims": [64, 64], "activation": "leakyrelu"}
    trainer = MatchTrainer(DSSM([user], [movie], towers, towers), mode=0, optimizer_params={"lr": 0.005})
    x = {"user": pairs["user"], "movie": pairs["movie"]}
    data = MatchDataGenerator(x=x, y=pairs["label"])
    loader, _, _ = data.generate_dataloader(x, {"movie": x["movie"][:128]}, batch_size=128)
    start = time.perf_counter()
    trainer.train_one_epoch(loader)
    print(json.dumps(time.perf_counter() - start))


main()
