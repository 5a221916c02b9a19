"""`dssm`: one tower for users, one for movies, and the product of their vectors.

Huang et al., "Learning deep structured semantic models for web search using clickthrough data", CIKM 2013, brought to
recommendation as the two-tower model (Covington et al., RecSys 2016; Yi et al., RecSys 2019). Movies' vectors do not
depend on the user, so the best of millions of movies are found by vector search.

The input of the user tower is a choice: an id, which works only for users from training; gender, age and occupation;
or the past, as recency-weighted sums of its movies, which works for all users and is the default. One matrix product
gives the past of every position of a window, so one pass learns from all of them.

The tutorials' model uses ids only, and has faults that are settings here and together make the recipe
`dssm-as-written`: vectors are divided by the square of their norm, so that long ones become short
(`norm="squared"`), and scores go through the sigmoid twice (`sigmoid_twice`).
"""

from types import MappingProxyType
from typing import Any, Literal, Self

import numpy as np
import torch
from pydantic import Field, PositiveFloat, PositiveInt
from torch import Tensor, nn

from matinee.arrays import Embeddings, Indices, MovieRows, Scores
from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.errors import ConfigError, ProtocolError
from matinee.features.facts import genre_vectors
from matinee.features.users import UserVocabulary
from matinee.features.words import title_words
from matinee.models.capabilities import unit_rows
from matinee.models.neural.losses import (
    binary_cross_entropy,
    full_softmax,
    in_batch_softmax,
    softmax_of_negatives,
    triplet_loss,
)
from matinee.models.neural.neural_recommender import NeuralRecommender
from matinee.models.neural.towers import MovieTower, RecencyPool, UserTower, divide_by_norm
from matinee.models.recommender import Config, State
from matinee.training.batches.pairs import Negatives, SingleBatches, WindowBatches
from matinee.training.batches.sequences import PADDING, pad_latest
from matinee.training.loop import TrainingConfig
from matinee.training.negatives import NegativeSampler

_GROUP = 1024  # positives that are negatives of each other
_BLOCK = 512  # histories per pass of the trained tower
_POWERS = {"none": 0, "cosine": 1, "squared": 2}


class DSSMConfig(Config):
    """Settings of `dssm`."""

    user_id: bool = Field(default=False, description="use the id of a user")
    demographics: bool = Field(default=False, description="use gender, age and occupation")
    history: Literal["none", "mean", "recent"] = Field(
        default="recent", description="`recent`: weighted by recency, `mean`: all alike, or `none`"
    )
    half_lives: tuple[PositiveFloat, ...] = Field(
        default=(0.5, 3.0, 20.0), min_length=1, description="half-lives of the history in movies, before training"
    )
    max_length: int = Field(default=100, ge=1, description="latest movies of a history that are used")
    movie_features: bool = Field(default=False, description="use genres and the words of titles")
    embedding_dim: int = Field(default=64, ge=1, description="size of embeddings")
    dropout: float = Field(default=0.3, ge=0, lt=1, description="dropout of the history's embeddings")
    hidden_dims: tuple[PositiveInt, ...] = Field(default=(), description="sizes of the layers on top, in both towers")
    init_std: float = Field(default=0.05, gt=0, description="standard deviation of new embeddings")
    norm: Literal["none", "cosine", "squared"] = Field(
        default="none", description="divide vectors by their length (`cosine`) or its square (`squared`)"
    )
    temperature: float = Field(default=0.05, gt=0, description="temperature of cosines")
    loss: Literal["bce", "triplet", "sampled", "in_batch", "full"] = Field(
        default="full", description="`full` softmax, `sampled`, `in_batch`, `bce` or `triplet`"
    )
    sigmoid_twice: bool = Field(default=False, description="take the sigmoid twice, in `bce`")
    margin: float = Field(default=1.0, gt=0, description="margin of `triplet`")
    negatives: int = Field(
        default=3, ge=1, description="negatives for each positive, in `bce`, `triplet` and `sampled`"
    )
    sampler: Literal["uniform", "popularity", "mixed"] = Field(
        default="uniform", description="distribution of negatives: `uniform`, `popularity` or `mixed`"
    )
    own_negatives: bool = Field(default=False, description="allow a user's own movies as negatives")
    logq: bool = Field(default=True, description="correct `sampled` and `in_batch` for how often a negative is drawn")
    training: TrainingConfig = Field(
        default=TrainingConfig(epochs=40, patience=3, batch_size=16, lr=2e-3), description="the training loop"
    )


class TwoTowers(nn.Module):
    """Both towers and the loss."""

    log_probability: Tensor

    def __init__(
        self,
        user_tower: UserTower,
        movie_tower: MovieTower,
        pool: RecencyPool | None,
        c: DSSMConfig,
        log_probability: Tensor,
    ):
        super().__init__()
        self.user_tower, self.movie_tower, self.pool, self.c = user_tower, movie_tower, pool, c
        # (movies,) log-probability of being drawn as a negative; for training only
        self.register_buffer("log_probability", log_probability, persistent=False)
        self.dropout = nn.Dropout(c.dropout)
        self.power = _POWERS[c.norm]
        self.gain = 1 / c.temperature if c.norm == "cosine" else 1.0
        for part in self.modules():
            if isinstance(part, nn.Embedding | nn.EmbeddingBag):
                nn.init.normal_(part.weight, std=c.init_std)

    def users(self, user_codes: Tensor, past: Tensor) -> Tensor:
        """Map codes and pasts to vectors: (batch, codes), (batch, length, h * width) -> (batch, length, d)."""
        return self.gain * divide_by_norm(self.user_tower(user_codes, past), self.power)

    def movies(self, rows: Tensor | None = None) -> Tensor:
        """Return the vectors of these rows, (...) -> (..., d), or of all movies, (movies, d)."""
        if rows is None:
            return divide_by_norm(self.movie_tower.all_vectors(), self.power)
        if rows.numel() > self.movie_tower.ids.num_embeddings:  # then some rows occur more than once
            return nn.functional.embedding(rows, self.movies())  # has a faster backward than indexing
        return divide_by_norm(self.movie_tower(rows.flatten()), self.power).unflatten(0, rows.shape)

    def loss(self, batch: tuple[Tensor, ...]) -> Tensor:
        """Return the loss of the settings, averaged over the positives of a batch of `training.batches.pairs`."""
        user_codes, inputs, targets, negatives = batch
        real = targets != PADDING  # (batch, length)
        past = inputs.new_zeros(*inputs.shape, 0, dtype=torch.float32)  # (batch, length, 0)
        if self.pool is not None:
            # Padding is on the right, and no past reaches it, so any movie may stand in for it.
            x = self.dropout(self.movie_tower.ids((inputs - 1).clamp(min=0)))  # (batch, length, width)
            past = self.pool(x)  # (batch, length, h * width)
        users, target_rows = self.users(user_codes, past)[real], targets[real] - 1  # (n, d), (n,)
        if self.c.loss == "full":
            return full_softmax(users, self.movies(), target_rows)
        if self.c.loss == "in_batch":
            return self._in_batch(users, target_rows)
        return self._against(users, target_rows, negatives[real])

    def vectors(self, user_codes: Tensor, movies: Tensor, lengths: Tensor) -> Tensor:
        """Return users' vectors for pasts from `pad_latest`: (n, codes), (n, length), (n,) -> (n, d)."""
        past = torch.zeros(len(user_codes), 0, device=user_codes.device)  # (n, 0)
        if self.pool is not None:
            x = self.movie_tower.ids((movies - 1).clamp(min=0))  # (n, length, width)
            past = self.pool.latest(x, lengths, movies != PADDING)  # (n, h * width)
        return self.users(user_codes, past[:, None])[:, 0]

    def _against(self, users: Tensor, target_rows: Tensor, negatives: Tensor) -> Tensor:
        """Return the loss against sampled negatives: (n, d), (n,), (n, k) -> scalar."""
        vectors = self.movies(torch.cat([target_rows[:, None], negatives], dim=1))  # (n, 1 + k, d)
        scores = (vectors @ users[:, :, None])[:, :, 0]  # (n, 1 + k)
        positive, negative = scores[:, 0], scores[:, 1:]
        if self.c.loss == "triplet":
            return triplet_loss(positive, negative, self.c.margin)
        if self.c.loss == "bce":
            twice = self.c.sigmoid_twice
            return binary_cross_entropy(*((positive.sigmoid(), negative.sigmoid()) if twice else (positive, negative)))
        if self.c.logq:
            negative = negative - self.log_probability[negatives] - np.log(negatives.shape[1])
        return softmax_of_negatives(positive, negative)

    def _in_batch(self, users: Tensor, target_rows: Tensor) -> Tensor:
        """Return the in-batch loss in random groups, so that few negatives come from the user's own window."""
        groups = torch.randperm(len(users), device=users.device).split(_GROUP)
        movies = self.movies(target_rows)  # (n, d)
        log_probability = self.log_probability if self.c.logq else None
        losses = [
            in_batch_softmax(users[rows], movies[rows], target_rows[rows], log_probability) * len(rows)
            for rows in groups
        ]
        return torch.stack(losses).sum() / len(users)


class DSSM(NeuralRecommender):
    """Scores are products of the vectors of a user and a movie."""

    name = "dssm"
    description = "two towers: a user's latest movies and a movie, as vectors"
    config_class = DSSMConfig
    small_settings = MappingProxyType(
        {"embedding_dim": 16, "max_length": 6, "training": {"epochs": 12, "batch_size": 10, "lr": 0.03}}
    )
    config: DSSMConfig
    module: TwoTowers  # pyright: ignore[reportIncompatibleVariableOverride]
    log_scores = True
    data_needs = "it needs ratings, and with a history two of the same user"

    user_vocabulary: UserVocabulary
    n_users: int
    _vectors: Embeddings | None = None  # (movies, d), computed on first use after the weights have changed

    def __init__(self, config: Config | None = None, **settings: Any):
        """Take settings. Raises `ConfigError`, also if the user tower would have no input."""
        super().__init__(config, **settings)
        c = self.config
        if not (c.user_id or c.demographics or c.history != "none"):
            raise ConfigError("dssm has no input for users. Set user_id, demographics or history.")
        self.uses_timestamps = c.history == "recent"

    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        """Train as every network, then set the unknown user to the mean of the trained ids."""
        super().fit(train, validation)
        ids = self.module.user_tower.ids
        if ids is not None:
            ids.weight.data[0] = ids.weight.data[1:].mean(0)
        self._vectors = None
        return self

    def make_batches(self, train: Dataset) -> SingleBatches | WindowBatches:
        """Make windows for a tower with a history, else single ratings. Raises `ProtocolError`."""
        c, training = self.config, self.config.training
        if self.uses_timestamps and not train.has_order:
            raise ProtocolError(
                f"dssm needs the order of ratings, and {train.name} has no timestamps. Set history=mean to ignore it."
            )
        negatives = None
        if c.loss in ("bce", "triplet", "sampled"):
            sampler = NegativeSampler(train.histories, train.n_movies, c.sampler, allow_own=c.own_negatives)
            negatives = Negatives(sampler, c.negatives)
        user_codes = self._codes(train.histories, UserVocabulary.of(train.users), train.n_users)
        if c.history == "none":
            return SingleBatches(train.histories, user_codes, training.batch_size, negatives, training.seed)
        shuffled = c.history == "mean"
        return WindowBatches(
            train.histories, user_codes, c.max_length, training.batch_size, negatives, training.seed, shuffled=shuffled
        )

    def build_module(self, train: Dataset) -> TwoTowers:
        """Build towers with initial weights."""
        c = self.config
        self.user_vocabulary, self.n_users = UserVocabulary.of(train.users), train.n_users
        features = None
        if c.movie_features:
            genres, words = genre_vectors(train.movies)[0], title_words(train.movies)[0]
            features = torch.from_numpy(genres).to(torch.uint8), torch.from_numpy(words)
        log_probability = np.zeros(train.n_movies, dtype=np.float32)
        if c.logq and c.loss in ("sampled", "in_batch"):
            # In a batch, the negatives are targets of other rows, so a movie is drawn as often as it was rated.
            distribution = ("popularity", 1.0) if c.loss == "in_batch" else (c.sampler, 0.75)
            log_probability = NegativeSampler(
                train.histories, train.n_movies, *distribution, allow_own=True
            ).log_probability
        return self._towers(train.n_movies, features, torch.from_numpy(log_probability))

    def rebuild_module(self, state: State) -> TwoTowers:
        """Build towers with the shapes of `state`."""
        features = None
        if self.config.movie_features:
            genres, words = (torch.from_numpy(state[f"movie_tower.{name}"]) for name in ("genres", "words"))
            features = genres, words
        return self._towers(self.n_movies, features, torch.zeros(self.n_movies))

    def state(self) -> State:
        """Return the weights and the vocabulary of user attributes."""
        user_arrays = {"n_users": np.array([self.n_users]), "user_vocabulary": self.user_vocabulary.to_array()}
        return super().state() | user_arrays

    def restore(self, state: State) -> None:
        """Take over the weights and the vocabulary."""
        weights = dict(state)
        self.n_users = int(weights.pop("n_users")[0])
        self.user_vocabulary = UserVocabulary.from_array(weights.pop("user_vocabulary"))
        super().restore(weights)

    def score(self, histories: Histories) -> Scores:
        """Return products of the user's and the movies' vectors."""
        return self.user_vectors(histories) @ self.movie_vectors().T

    def similar(self, movies: MovieRows) -> Scores:
        """Return cosines of the movies' vectors."""
        vectors = unit_rows(self.movie_vectors())
        return vectors[movies] @ vectors.T

    def user_vectors(self, histories: Histories) -> Embeddings:
        """Return the vector of each history's user: (n, d) float32. The best movie has the largest product."""
        self.require_fitted()
        device = self.module.log_probability.device
        codes = torch.from_numpy(self._codes(histories, self.user_vocabulary, self.n_users))  # (n, 4)
        movies, lengths = pad_latest(histories, self.config.max_length)
        blocks = zip(codes.split(_BLOCK), movies.split(_BLOCK), lengths.split(_BLOCK), strict=True)
        with torch.inference_mode():
            vectors = [self.module.vectors(*(part.to(device) for part in block)).cpu() for block in blocks]
        return torch.cat(vectors).numpy()

    def movie_vectors(self) -> Embeddings:
        """Return the vector of each movie: (movies, d) float32, computed once."""
        self.require_fitted()
        if self._vectors is None:
            with torch.inference_mode():
                self._vectors = self.module.movies().cpu().numpy()
        return self._vectors

    def ndcg(self, histories: Histories, targets: Histories, k: int = 10) -> float:
        """Return the mean NDCG@k with the current weights."""
        self._vectors = None
        return super().ndcg(histories, targets, k)

    def _codes(self, histories: Histories, user_codes: UserVocabulary, n_users: int) -> Indices:
        """Return codes of id, gender, age and occupation, 0 for unknown: (n, 4)."""
        return np.column_stack([histories.user_rows(n_users) + 1, user_codes.encode(histories.users, len(histories))])

    def _towers(self, n_movies: int, features: tuple[Tensor, Tensor] | None, log_probability: Tensor) -> TwoTowers:
        c = self.config
        pool = None
        if c.history != "none":
            pool = RecencyPool(c.half_lives if c.history == "recent" else ())
        user_tower = UserTower(
            self.n_users + 1 if c.user_id else 0,
            self.user_vocabulary.sizes if c.demographics else (),
            pool.sums * c.embedding_dim if pool is not None else 0,
            c.embedding_dim,
            c.hidden_dims,
        )
        return TwoTowers(
            user_tower, MovieTower(n_movies, features, c.embedding_dim, c.hidden_dims), pool, c, log_probability
        )
