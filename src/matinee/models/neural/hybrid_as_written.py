"""`hybrid` as its tutorial has it: no ratings, no users, a score made of TMDB's votes.

The target is vote_average * log(1 + vote_count), scaled to 0-1, and both numbers are among the inputs: the network
learns to multiply. The collaborative branch is an embedding of each movie's row that no user ever touches; a movie of
the held-out fifth is touched by nothing, so its vector is the noise it started with. Kept for comparison.
"""

import numpy as np
import numpy.typing as npt
import polars as pl
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from matinee.features.content import require_votes
from matinee.models.neural.hybrid_network import HybridConfig, HybridModule

_START = 0.01  # standard deviation of fresh embeddings


class Fusion(nn.Module):
    """Both vectors of a movie -> its score between 0 and 1."""

    def __init__(self, width: int, dropout: float):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(2 * width, 128),
            nn.LayerNorm(128),
            nn.GELU(),
            nn.Dropout(dropout),
            nn.Linear(128, 64),
            nn.GELU(),
            nn.Linear(64, 1),
            nn.Sigmoid(),
        )

    def forward(self, content: Tensor, cf: Tensor) -> Tensor:
        """2 x (batch, width) -> (batch,)."""
        return self.layers(torch.cat([content, cf], dim=1)).squeeze(1)


class VotesModule(HybridModule):
    """Both branches fused into a score of the movie alone."""

    targets: Tensor  # (movies,)

    def __init__(self, features: Tensor, config: HybridConfig):
        super().__init__(features, config.width, 2 * config.width, config)
        self.embedding = nn.Embedding(len(features), config.width)
        nn.init.normal_(self.embedding.weight, std=_START)
        self.fusion = Fusion(config.width, config.dropout)
        self.register_buffer("targets", torch.zeros(len(features)), persistent=False)

    def collaborative(self, rows: Tensor) -> Tensor:
        """An embedding of the row."""
        return self.embedding(rows)

    def error(self, rows: Tensor, content: Tensor, cf: Tensor) -> Tensor:
        """How far the fused score is from the target."""
        return F.mse_loss(self.fusion(content, cf), self.targets[rows])

    def settle(self) -> None:
        """Movies and users alike are made of both branches, each at length 1, side by side."""
        self.content = self.content_branch(self.features)  # (movies, width)
        self.cf = self.embedding.weight.detach().clone()
        both = torch.cat([F.normalize(self.content), F.normalize(self.cf)], dim=1)  # (movies, 2 * width)
        self.movies = F.normalize(both)
        self.entries = self.movies
        self.nobody = self.movies.mean(0)  # (2 * width,)


def vote_targets(movies: pl.DataFrame) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
    """vote_average * log(1 + vote_count) scaled to 0-1, and the rows where it and the overview are known.

    (movies,) float32, 0 elsewhere, and (known,). Raises `ProtocolError` if there are no such columns.
    """
    require_votes(movies)
    known = movies.select(pl.col("overview").is_not_null() & pl.col("vote_average").is_not_null()).to_series()
    rows = np.flatnonzero(known.to_numpy())
    average, count = (
        movies[name].cast(pl.Float64).fill_null(0).to_numpy()[rows] for name in ("vote_average", "vote_count")
    )
    score = average * np.log1p(count)
    targets = np.zeros(len(movies), dtype=np.float32)
    if len(rows):
        targets[rows] = (score - score.min()) / max(score.max() - score.min(), 1e-12)
    return targets, rows
