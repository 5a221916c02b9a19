"""`sasrec`: a causal transformer over the history.

Kang and McAuley, "Self-attentive sequential recommendation", ICDM 2018, trained as in Klenitskiy and Vasilev,
"Turning dross into gold loss: is BERT4Rec really better than SASRec?", RecSys 2023: cross-entropy over the
whole catalogue instead of one negative per positive, its largest single improvement.
"""

from types import MappingProxyType
from typing import Any, Literal, Self

import numpy as np
import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from matinee.arrays import Embeddings, Scores
from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.errors import ProtocolError
from matinee.models.neural.losses import full_softmax, sampled_softmax
from matinee.models.neural.neural_recommender import NeuralRecommender
from matinee.models.recommender import Config, State
from matinee.training.batches.sequences import PADDING, SequenceBatches, pad_latest
from matinee.training.loop import TrainingConfig, Validation

_GROUPS = 4  # groups of a training batch, by length
_BLOCK = 256  # histories per pass while scoring
_SCORING_SHARES = (1.0, 0.5, 0.25)  # shares of `max_length` tried for scoring


class SASRecConfig(Config):
    """Settings of `sasrec`."""

    embedding_dim: int = Field(default=64, ge=1, description="size of embeddings and states")
    blocks: int = Field(default=2, ge=1, description="transformer blocks")
    heads: int = Field(default=1, ge=1, description="attention heads of a block")
    dropout: float = Field(default=0.1, ge=0, lt=1, description="dropout of embeddings, attention and blocks")
    max_length: int = Field(
        default=200,
        ge=1,
        description="latest movies used in training; scoring uses all, half or a quarter of them, by validation",
    )
    windows: Literal["latest", "random"] = Field(
        default="random", description="`random`: every rating is a target; `latest`: only the end of a history is"
    )
    negatives: int | None = Field(default=None, ge=1, description="negatives shared by a batch; none: the full softmax")
    training: TrainingConfig = Field(default=TrainingConfig(), description="the training loop")


class Block(nn.Module):
    """Attention to earlier positions, then a small network at each position; queries and outputs are normalised."""

    def __init__(self, config: SASRecConfig):
        super().__init__()
        d = config.embedding_dim
        self.heads, self.dropout = config.heads, config.dropout
        self.before_attention, self.before_network = nn.LayerNorm(d), nn.LayerNorm(d)
        self.query, self.key, self.value, self.join = (nn.Linear(d, d) for _ in range(4))
        self.network = nn.Sequential(
            nn.Linear(d, d),
            nn.ReLU(),
            nn.Dropout(config.dropout),
            nn.Linear(d, d),
            nn.Dropout(config.dropout),
        )

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """Map (batch, length, d) to the same shape. `mask` (batch, 1, length, length) is true where attention goes."""
        queries = self.before_attention(x)
        q, k, v = (self._split(part) for part in (self.query(queries), self.key(x), self.value(x)))
        p = self.dropout if self.training else 0.0
        # Padding is on the right, so causal attention never reaches it.
        attended = F.scaled_dot_product_attention(
            q, k, v, mask, p, is_causal=mask is None
        )  # (batch, heads, length, d/heads)
        x = queries + self.join(attended.transpose(1, 2).flatten(2))  # (batch, length, d)
        x = self.before_network(x)
        return x + self.network(x)

    def _split(self, x: Tensor) -> Tensor:
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)  # (batch, heads, length, d/heads)


class SASRecModule(nn.Module):
    """Embeddings, transformer blocks, and a product with the embeddings."""

    def __init__(self, n_movies: int, config: SASRecConfig):
        super().__init__()
        self.n_movies, self.negatives = n_movies, config.negatives
        self.movies = nn.Embedding(n_movies + 1, config.embedding_dim, padding_idx=PADDING)
        self.positions = nn.Embedding(config.max_length, config.embedding_dim)
        self.dropout = nn.Dropout(config.dropout)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.blocks))
        self.norm = nn.LayerNorm(config.embedding_dim)
        self.apply(_initialise)

    def forward(self, movies: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return states after each position: (batch, length) movie rows plus one -> (batch, length, d)."""
        x = self.movies(movies) * self.movies.embedding_dim**0.5  # (batch, length, d)
        x = self.dropout(x + self.positions.weight[: movies.shape[1]])
        for block in self.blocks:
            x = block(x, mask)
        return self.norm(x)

    def loss(self, batch: tuple[Tensor, ...]) -> Tensor:
        """Return the softmax loss of the next movie, averaged over the positions that have one."""
        hidden, target_rows = self.states_and_targets(*batch)  # (n, d), (n,)
        weight = self.movies.weight[1:]  # (movies, d)
        if self.negatives is None:
            return full_softmax(hidden, weight, target_rows)
        negatives = torch.randint(self.n_movies, (self.negatives,), device=hidden.device)
        return sampled_softmax(hidden, weight, target_rows, negatives)

    def states_and_targets(self, inputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """Return the states of positions with a target, and the targets: 2 x (batch, length) -> (n, d), (n,).

        Rows of similar length pass the network together, cut to the longest of them. The sum is the same in another
        order, without most of the padding, which is nearly half of a random batch.
        """
        lengths = (targets != PADDING).sum(1)
        states: list[Tensor] = []
        target_rows: list[Tensor] = []
        for rows in lengths.argsort(stable=True).chunk(_GROUPS):
            longest = int(lengths[rows[-1]])
            group = targets[rows, :longest]  # (rows, longest)
            is_movie = group != PADDING
            states.append(self(inputs[rows, :longest])[is_movie])
            target_rows.append(group[is_movie] - 1)
        return torch.cat(states), torch.cat(target_rows)

    def last_state(self, movies: Tensor, lengths: Tensor) -> Tensor:
        """Return the state after the last movie of each history: (n, length), (n,) -> (n, d).

        A gap inside a history, where a movie was removed, is padding that gets no attention.
        """
        position = torch.arange(movies.shape[1], device=movies.device)
        is_movie = movies != PADDING  # (n, length)
        gaps = ~is_movie & (position < lengths[:, None])  # (n, length)
        mask = None
        if gaps.any():
            before = position[:, None] >= position  # (length, length)
            is_self = position[:, None] == position  # a gap attends to itself, as it must attend to something
            mask = (before & ~gaps[:, None] | is_self)[:, None]  # (n, 1, length, length)
        last_position = (is_movie * position).amax(1)  # (n,)
        return self(movies, mask)[
            torch.arange(len(last_position), device=last_position.device), last_position
        ]  # (n, d)


class SASRec(NeuralRecommender):
    """Scores are products of the last state of the transformer and every movie's embedding.

    Only long histories reach the last positions of a window, so these are trained less than the middle ones. After
    training, validation therefore chooses how many of the latest movies are used in scoring.
    """

    name = "sasrec"
    description = "the next movie, by a transformer over the whole history"
    config_class = SASRecConfig
    small_settings = MappingProxyType(
        {
            "embedding_dim": 16,
            "blocks": 1,
            "max_length": 6,
            "training": {"epochs": 12, "batch_size": 20, "lr": 0.03},
        }
    )
    uses_timestamps = True
    config: SASRecConfig
    module: SASRecModule  # pyright: ignore[reportIncompatibleVariableOverride]
    log_scores = True
    data_needs = "it needs histories of at least two movies"
    scoring_length: int  # latest movies used in scoring

    def __init__(self, config: Config | None = None, **settings: Any):
        super().__init__(config, **settings)
        self.scoring_length = self.config.max_length  # unless validation chooses less

    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        """Train as every network, then choose `scoring_length` by validation, if there is a validation part."""
        if validation is not None:
            self.scoring_length = self.config.max_length
        super().fit(train, validation)
        validation_figure = self.make_validation(train, validation)
        if validation_figure is not None:
            self.scoring_length = self._best_scoring_length(validation_figure)
        return self

    def _best_scoring_length(self, validation_figure: Validation) -> int:
        figures: dict[int, float] = {}
        for share in _SCORING_SHARES:
            self.scoring_length = max(1, round(share * self.config.max_length))
            figures[self.scoring_length] = validation_figure.measure()
        return max(figures, key=lambda length: figures[length])

    def unfitted_copy_for_all_data(self) -> Self:
        """Make an unfitted model as every network does, with the same `scoring_length`."""
        fresh = super().unfitted_copy_for_all_data()
        fresh.scoring_length = self.scoring_length
        return fresh

    def state(self) -> State:
        """The weights, and how far to look back."""
        return super().state() | {"scoring_length": np.array([self.scoring_length])}

    def restore(self, state: State) -> None:
        """Take them back."""
        weights = dict(state)
        self.scoring_length = int(weights.pop("scoring_length")[0])
        super().restore(weights)

    def build_module(self, train: Dataset) -> SASRecModule:
        """Build a module with initial weights."""
        return SASRecModule(train.n_movies, self.config)

    def rebuild_module(self, state: State) -> SASRecModule:
        """Build a module for the catalogue of `state`."""
        return SASRecModule(self.n_movies, self.config)

    def make_batches(self, train: Dataset) -> SequenceBatches:
        """Make windows of histories. Raises `ProtocolError` without timestamps."""
        if not train.has_order:
            raise ProtocolError(f"sasrec needs the order of ratings, and {train.name} has no timestamps.")
        c = self.config
        return SequenceBatches(train.histories, c.max_length, c.training.batch_size, c.windows, c.training.seed)

    def score(self, histories: Histories) -> Scores:
        """Return logits of the next movie. An empty history is scored like a single padding entry."""
        self.require_fitted()
        return self.user_vectors(histories) @ self.movie_vectors().T

    def user_vectors(self, histories: Histories) -> Embeddings:
        """Return the state after the last movie of each history: (n, embedding_dim)."""
        self.require_fitted()
        device = self.module.movies.weight.device
        movies, lengths = pad_latest(histories, self.scoring_length)
        vectors = np.empty((len(histories), self.config.embedding_dim), dtype=np.float32)
        with torch.inference_mode():
            for rows in lengths.argsort(stable=True).split(_BLOCK):  # of similar length, cut to the longest of them
                longest = max(1, int(lengths[rows[-1]]))
                last_position = self.module.last_state(movies[rows, :longest].to(device), lengths[rows].to(device))
                vectors[rows.numpy()] = last_position.cpu().numpy()
        return vectors

    def movie_vectors(self) -> Embeddings:
        """Return the embeddings of movies: (movies, embedding_dim)."""
        self.require_fitted()
        return self.module.movies.weight[1:].detach().cpu().numpy()


def _initialise(module: nn.Module) -> None:
    if isinstance(module, nn.Linear | nn.Embedding):
        nn.init.normal_(module.weight, std=0.02)
    if isinstance(module, nn.Linear):
        nn.init.zeros_(module.bias)
    if isinstance(module, nn.Embedding) and module.padding_idx is not None:
        nn.init.zeros_(module.weight[module.padding_idx].detach())
