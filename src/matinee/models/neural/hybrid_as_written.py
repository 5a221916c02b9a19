"""`hybrid` as in its tutorial, for comparison: no ratings, no users, and a target computed from TMDB's votes.

The target is vote_average * log(1 + vote_count), scaled to 0-1, and both numbers are among the inputs: the network
learns to multiply. The collaborative branch is an embedding of each movie's row that no user influences. Movies of the
held-out fifth are never trained, so their vectors stay as they were initialised.
"""

import numpy as np
import polars as pl
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from matinee.arrays import Floats32, Indices
from matinee.features.content import require_votes
from matinee.models.neural.hybrid_network import HybridConfig, HybridModule

_INIT_STD = 0.01  # standard deviation of new embeddings


class Fusion(nn.Module):
    """A network from both vectors of a movie to its score between 0 and 1."""

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
        """Score movies: 2 x (batch, width) -> (batch,)."""
        return self.layers(torch.cat([content, cf], dim=1)).squeeze(1)


class VotesModule(HybridModule):
    """Both branches fused into a score of the movie alone."""

    targets: Tensor  # (movies,)

    def __init__(self, features: Tensor, config: HybridConfig):
        super().__init__(features, config.embedding_dim, 2 * config.embedding_dim, config)
        self.embedding = nn.Embedding(len(features), config.embedding_dim)
        nn.init.normal_(self.embedding.weight, std=_INIT_STD)
        self.fusion = Fusion(config.embedding_dim, config.dropout)
        self.register_buffer("targets", torch.zeros(len(features)), persistent=False)

    def collaborative(self, rows: Tensor) -> Tensor:
        """Return the embeddings of rows."""
        return self.embedding(rows)

    def error(self, rows: Tensor, content: Tensor, cf: Tensor) -> Tensor:
        """Return the squared error of the fused score."""
        return F.mse_loss(self.fusion(content, cf), self.targets[rows])

    def set_vectors(self) -> None:
        """Join both branches, each at length 1, as vectors of movies and users."""
        self.content = self.content_branch(self.features)  # (movies, width)
        self.cf = self.embedding.weight.detach().clone()
        both = torch.cat([F.normalize(self.content), F.normalize(self.cf)], dim=1)  # (movies, 2 * width)
        self.movies = F.normalize(both)
        self.entries = self.movies
        self.empty_user = self.movies.mean(0)  # (2 * width,)


def vote_targets(movies: pl.DataFrame) -> tuple[Floats32, Indices]:
    """Return vote_average * log(1 + vote_count) scaled to 0-1, and the rows where it and the overview exist.

    Shapes are (movies,) float32, with 0 elsewhere, and (rows,). Raises `ProtocolError` without these columns.
    """
    require_votes(movies)
    is_complete = movies.select(pl.col("overview").is_not_null() & pl.col("vote_average").is_not_null()).to_series()
    rows = np.flatnonzero(is_complete.to_numpy())
    average, count = (
        movies[name].cast(pl.Float64).fill_null(0).to_numpy()[rows] for name in ("vote_average", "vote_count")
    )
    score = average * np.log1p(count)
    targets = np.zeros(len(movies), dtype=np.float32)
    if len(rows):
        targets[rows] = (score - score.min()) / max(score.max() - score.min(), 1e-12)
    return targets, rows
