"""Seconds per epoch of RecTools' SASRec: `python rectools_sasrec.py RATINGS.npz LENGTH EPOCHS` prints JSON."""

import json
import sys
import time

import numpy as np
import pandas as pd
from pytorch_lightning import Callback, Trainer
from rectools import Columns
from rectools.dataset import Dataset
from rectools.models import SASRecModel


class Clock(Callback):
    """Notes how long each epoch took."""

    def __init__(self):
        self.seconds = []

    def on_train_epoch_start(self, *_):
        """Start the clock."""
        self.start = time.perf_counter()

    def on_train_epoch_end(self, *_):
        """Stop it."""
        self.seconds.append(time.perf_counter() - self.start)

    def on_train_end(self, *_):
        """Tell."""
        print(json.dumps(self.seconds))


def main() -> None:
    """Train."""
    path, length, epochs = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    ratings = np.load(path)
    interactions = pd.DataFrame(
        {
            Columns.User: ratings["user"],
            Columns.Item: ratings["movie"],
            Columns.Weight: 1.0,
            Columns.Datetime: pd.to_datetime(ratings["order"], unit="s"),
        }
    )
    trainer = Trainer(
        max_epochs=epochs,
        callbacks=[Clock()],
        accelerator="cpu",
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
    )
    model = SASRecModel(
        n_blocks=2,
        n_heads=1,
        n_factors=64,
        dropout_rate=0.1,
        session_max_len=length,
        loss="softmax",
        lr=1e-3,
        batch_size=128,
        epochs=epochs,
        get_trainer_func=lambda: trainer,
    )
    model.fit(Dataset.construct(interactions))


main()
