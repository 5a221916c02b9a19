"""`sasrec`: a causal transformer over the history.

Kang and McAuley, "Self-attentive sequential recommendation", ICDM 2018, trained as in Klenitskiy and Vasilev,
"Turning dross into gold loss: is BERT4Rec really better than SASRec?", RecSys 2023: cross-entropy over the
whole catalogue instead of one negative per positive, which is the largest single improvement known to it.
"""

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
from matinee.training.batches.sequences import PADDING, SequenceBatches, padded
from matinee.training.config import TrainingConfig
from matinee.training.loop import Validation

_GROUPS = 4  # parts of a training batch, by length
_BLOCK = 256  # histories scored at a time
_LOOKS_BACK = (1.0, 0.5, 0.25)  # shares of `length` tried for scoring


class SASRecConfig(Config):
    """Settings of `sasrec`."""

    width: int = Field(default=64, ge=1)
    blocks: int = Field(default=2, ge=1)
    heads: int = Field(default=1, ge=1)
    dropout: float = Field(default=0.1, ge=0, lt=1)
    length: int = Field(default=200, ge=1)  # latest movies looked at
    windows: Literal["latest", "random"] = "random"  # of long histories, in training
    negatives: int | None = Field(default=None, ge=1)  # shared by a batch; None is the full softmax
    training: TrainingConfig = TrainingConfig()


class Block(nn.Module):
    """Attention to what came before, then a small network at each position; queries and outputs normalised."""

    def __init__(self, config: SASRecConfig):
        super().__init__()
        d = config.width
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

    def forward(self, x: Tensor, seen: Tensor | None = None) -> Tensor:
        """(batch, length, d) -> (batch, length, d); `seen` (batch, 1, length, length) is what each place looks at."""
        asked = self.before_attention(x)
        q, k, v = (self._split(part) for part in (self.query(asked), self.key(x), self.value(x)))
        p = self.dropout if self.training else 0.0
        # Padding is on the right, so looking only backwards never meets it.
        found = F.scaled_dot_product_attention(
            q, k, v, seen, p, is_causal=seen is None
        )  # (batch, heads, length, d/heads)
        x = asked + self.join(found.transpose(1, 2).flatten(2))  # (batch, length, d)
        x = self.before_network(x)
        return x + self.network(x)

    def _split(self, x: Tensor) -> Tensor:
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)  # (batch, heads, length, d/heads)


class SASRecModule(nn.Module):
    """Embeddings, blocks, and a product with the embeddings again."""

    def __init__(self, n_movies: int, config: SASRecConfig):
        super().__init__()
        self.n_movies, self.negatives = n_movies, config.negatives
        self.movies = nn.Embedding(n_movies + 1, config.width, padding_idx=PADDING)
        self.positions = nn.Embedding(config.length, config.width)
        self.dropout = nn.Dropout(config.dropout)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.blocks))
        self.norm = nn.LayerNorm(config.width)
        self.apply(_initialise)

    def forward(self, movies: Tensor, seen: Tensor | None = None) -> Tensor:
        """States after each position: (batch, length) movies, shifted by one -> (batch, length, d)."""
        x = self.movies(movies) * self.movies.embedding_dim**0.5  # (batch, length, d)
        x = self.dropout(x + self.positions.weight[: movies.shape[1]])
        for block in self.blocks:
            x = block(x, seen)
        return self.norm(x)

    def loss(self, batch: tuple[Tensor, ...]) -> Tensor:
        """Softmax loss of the next movie, averaged over the positions that have one."""
        hidden, wanted = self.states_and_targets(*batch)  # (n, d), (n,)
        weight = self.movies.weight[1:]  # (movies, d)
        if self.negatives is None:
            return full_softmax(hidden, weight, wanted)
        drawn = torch.randint(self.n_movies, (self.negatives,), device=hidden.device)
        return sampled_softmax(hidden, weight, wanted, drawn)

    def states_and_targets(self, inputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """The state of each position that has a target, and the target: 2 x (batch, length) -> (n, d), (n,).

        Rows of like length go through the network together, cut to the longest of them: the same sum in another
        order, without most of the padding, which is nearly half of a batch of users drawn at random.
        """
        lengths = (targets != PADDING).sum(1)
        states: list[Tensor] = []
        wanted: list[Tensor] = []
        for rows in lengths.argsort(stable=True).chunk(_GROUPS):
            longest = int(lengths[rows[-1]])
            group = targets[rows, :longest]  # (rows, longest)
            real = group != PADDING
            states.append(self(inputs[rows, :longest])[real])
            wanted.append(group[real] - 1)
        return torch.cat(states), torch.cat(wanted)

    def last_state(self, movies: Tensor, lengths: Tensor) -> Tensor:
        """The state after the last movie of each history: (n, length), (n,) -> (n, d).

        A gap inside a history, where a movie was taken out, is padding that is not looked at.
        """
        place = torch.arange(movies.shape[1], device=movies.device)
        real = movies != PADDING  # (n, length)
        gaps = ~real & (place < lengths[:, None])  # (n, length)
        seen = None
        if gaps.any():
            before = place[:, None] >= place  # (length, length)
            itself = place[:, None] == place  # a gap has to look at something
            seen = (before & ~gaps[:, None] | itself)[:, None]  # (n, 1, length, length)
        last = (real * place).amax(1)  # (n,)
        return self(movies, seen)[torch.arange(len(last), device=last.device), last]  # (n, d)


class SASRec(NeuralRecommender):
    """The last state of the transformer, times every movie's embedding.

    The last places of a window are met by long histories alone, and so learned less well than the middle ones. How many
    of the latest movies are looked at in scoring is therefore chosen on validation, once the weights are learned.
    """

    name = "sasrec"
    description = "the next movie, by a transformer over the whole history"
    config_class = SASRecConfig
    uses_timestamps = True
    config: SASRecConfig
    module: SASRecModule  # pyright: ignore[reportIncompatibleVariableOverride]
    log_scores = True
    needs = "it needs histories of two movies or more"
    looks_back: int  # latest movies looked at in scoring

    def __init__(self, config: Config | None = None, **settings: Any):
        super().__init__(config, **settings)
        self.looks_back = self.config.length  # until a validation part says better

    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        """As of every trained recommender; then choose how far to look back, if there is a validation part."""
        if validation is not None:
            self.looks_back = self.config.length
        super().fit(train, validation)
        chosen_by = self.validation(train, validation)
        if chosen_by is not None:
            self.looks_back = self._best_look_back(chosen_by)
        return self

    def _best_look_back(self, chosen_by: Validation) -> int:
        reached: dict[int, float] = {}
        for share in _LOOKS_BACK:
            self.looks_back = max(1, round(share * self.config.length))
            reached[self.looks_back] = chosen_by.measure()
        return max(reached, key=lambda length: reached[length])

    def unfitted_copy_for_all_data(self) -> Self:
        """As of every trained recommender, looking as far back as this one."""
        fresh = super().unfitted_copy_for_all_data()
        fresh.looks_back = self.looks_back
        return fresh

    def state(self) -> State:
        """The weights, and how far to look back."""
        return super().state() | {"looks_back": np.array([self.looks_back])}

    def restore(self, state: State) -> None:
        """Take them back."""
        weights = dict(state)
        self.looks_back = int(weights.pop("looks_back")[0])
        super().restore(weights)

    def build(self, train: Dataset) -> SASRecModule:
        """A module with fresh weights."""
        return SASRecModule(train.n_movies, self.config)

    def rebuild(self, state: State) -> SASRecModule:
        """A module for as many movies as it was trained on."""
        return SASRecModule(self.n_movies, self.config)

    def batches(self, train: Dataset) -> SequenceBatches:
        """Windows of histories. Raises `ProtocolError` without timestamps."""
        if not train.has_order:
            raise ProtocolError(f"sasrec needs to know what came after what, and {train.name} has no timestamps")
        c = self.config
        return SequenceBatches(train.histories, c.length, c.training.batch_size, c.windows, c.training.seed)

    def score(self, histories: Histories) -> Scores:
        """Logits of the next movie. A history without movies is scored as one of padding, which teaches nothing."""
        self.require_fitted()
        return self.user_vectors(histories) @ self.movie_vectors().T

    def user_vectors(self, histories: Histories) -> Embeddings:
        """The state after the last movie of each history: (n, width)."""
        self.require_fitted()
        device = self.module.movies.weight.device
        movies, lengths = padded(histories, self.looks_back)
        vectors = np.empty((len(histories), self.config.width), dtype=np.float32)
        with torch.inference_mode():
            for rows in lengths.argsort(stable=True).split(_BLOCK):  # of like length, cut to the longest of them
                longest = max(1, int(lengths[rows[-1]]))
                last = self.module.last_state(movies[rows, :longest].to(device), lengths[rows].to(device))
                vectors[rows.numpy()] = last.cpu().numpy()
        return vectors

    def movie_vectors(self) -> Embeddings:
        """The embeddings: (movies, width)."""
        self.require_fitted()
        return self.module.movies.weight[1:].detach().cpu().numpy()


def _initialise(module: nn.Module) -> None:
    if isinstance(module, nn.Linear | nn.Embedding):
        nn.init.normal_(module.weight, std=0.02)
    if isinstance(module, nn.Linear):
        nn.init.zeros_(module.bias)
    if isinstance(module, nn.Embedding) and module.padding_idx is not None:
        nn.init.zeros_(module.weight[module.padding_idx].detach())
