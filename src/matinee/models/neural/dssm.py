"""`dssm`: one tower for users, one for movies, and the product of what comes out of them.

Huang et al., "Learning deep structured semantic models for web search using clickthrough data", CIKM 2013, brought to
recommendation as the two-tower model (Covington et al., RecSys 2016; Yi et al., RecSys 2019). Movies' vectors do not
depend on the user, so the best of millions of them are found by a search among vectors (see `index`).

What a user is known by is a choice: an id, which serves only those who were in training; gender, age and occupation;
or the past, as recency-weighted sums of the movies in it, which serves everybody and is the default. From a window of
a history every position's past is had by one matrix product, so that one pass learns from all of them.

The tutorials' model knows ids alone, and it has faults that are settings here and together make the recipe
`dssm-as-written`: vectors are divided by the square of their length, so that long ones become short
(`norm="squared"`), and scores go through the sigmoid twice (`sigmoid_twice`).
"""

from typing import Any, Literal, Self

import numpy as np
import numpy.typing as npt
import torch
from pydantic import Field, PositiveFloat, PositiveInt
from torch import Tensor, nn

from matinee.arrays import Embeddings, Scores
from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.errors import ConfigError, ProtocolError
from matinee.features.genres import genre_vectors
from matinee.features.users import UserVocabulary
from matinee.features.words import title_words
from matinee.models.capabilities import unit
from matinee.models.neural.losses import (
    binary_cross_entropy,
    full_softmax,
    in_batch_softmax,
    softmax_of_negatives,
    triplet,
)
from matinee.models.neural.neural_recommender import NeuralRecommender
from matinee.models.neural.towers import MovieTower, RecencyPool, UserTower, divided
from matinee.models.recommender import Config, State
from matinee.training.batches.pairs import Negatives, SingleBatches, WindowBatches
from matinee.training.batches.sequences import PADDING, padded
from matinee.training.config import TrainingConfig
from matinee.training.negatives import NegativeSampler

_TOGETHER = 1024  # positives that are negatives to each other
_BLOCK = 512  # histories that go through their tower at a time, once trained
_POWERS = {"none": 0, "cosine": 1, "squared": 2}


class DSSMConfig(Config):
    """Settings of `dssm`."""

    user_id: bool = False
    demographics: bool = False  # gender, age, occupation
    history: Literal["none", "mean", "recent"] = "recent"  # in a mean all weigh alike, whenever they were
    half_lives: tuple[PositiveFloat, ...] = Field(default=(0.5, 3.0, 20.0), min_length=1)  # steps back; at the start
    length: int = Field(default=100, ge=1)  # latest movies looked at
    movie_features: bool = False  # genres, words of the title
    width: int = Field(default=64, ge=1)  # of embeddings
    dropout: float = Field(default=0.3, ge=0, lt=1)  # of the past's
    layers: tuple[PositiveInt, ...] = ()  # widths of what comes after them, in both towers
    start: float = Field(default=0.05, gt=0)  # standard deviation of fresh embeddings
    norm: Literal["none", "cosine", "squared"] = "none"
    temperature: float = Field(default=0.05, gt=0)  # of cosines
    loss: Literal["bce", "triplet", "sampled", "in_batch", "full"] = "full"
    sigmoid_twice: bool = False  # in bce
    margin: float = Field(default=1.0, gt=0)  # of triplet
    negatives: int = Field(default=3, ge=1)  # for each positive, in bce, triplet and sampled
    sampler: Literal["uniform", "popularity", "mixed"] = "uniform"
    own_negatives: bool = False  # whether a user's own movies may be drawn
    logq: bool = True  # correct sampled and in_batch for how often a negative is drawn
    training: TrainingConfig = TrainingConfig(epochs=40, patience=3, batch_size=16, learning_rate=2e-3)


class TwoTowers(nn.Module):
    """Both towers, and what they are taught by."""

    log_chance: Tensor

    def __init__(
        self,
        user_tower: UserTower,
        movie_tower: MovieTower,
        pool: RecencyPool | None,
        c: DSSMConfig,
        log_chance: Tensor,
    ):
        super().__init__()
        self.user_tower, self.movie_tower, self.pool, self.c = user_tower, movie_tower, pool, c
        # (movies,) of being drawn as a negative; for training only
        self.register_buffer("log_chance", log_chance, persistent=False)
        self.dropout = nn.Dropout(c.dropout)
        self.power = _POWERS[c.norm]
        self.gain = 1 / c.temperature if c.norm == "cosine" else 1.0
        for part in self.modules():
            if isinstance(part, nn.Embedding | nn.EmbeddingBag):
                nn.init.normal_(part.weight, std=c.start)

    def users(self, people: Tensor, past: Tensor) -> Tensor:
        """(batch, codes), (batch, length, h * width) -> (batch, length, d)."""
        return self.gain * divided(self.user_tower(people, past), self.power)

    def movies(self, rows: Tensor | None = None) -> Tensor:
        """The vectors of these rows, or of all movies: (...) -> (..., d), else (movies, d)."""
        if rows is None:
            return divided(self.movie_tower.every(), self.power)
        if rows.numel() > self.movie_tower.ids.num_embeddings:  # then some are wanted more than once
            return nn.functional.embedding(rows, self.movies())  # has a faster backward than indexing
        return divided(self.movie_tower(rows.flatten()), self.power).unflatten(0, rows.shape)

    def loss(self, batch: tuple[Tensor, ...]) -> Tensor:
        """The loss that the settings ask for, averaged over the positives of a batch of `training.positives`."""
        people, inputs, targets, negatives = batch
        real = targets != PADDING  # (batch, length)
        past = inputs.new_zeros(*inputs.shape, 0, dtype=torch.float32)  # (batch, length, 0)
        if self.pool is not None:
            # Padding is on the right, and no past reaches there: which movie stands in for it does not matter.
            x = self.dropout(self.movie_tower.ids((inputs - 1).clamp(min=0)))  # (batch, length, width)
            past = self.pool(x)  # (batch, length, h * width)
        users, wanted = self.users(people, past)[real], targets[real] - 1  # (n, d), (n,)
        if self.c.loss == "full":
            return full_softmax(users, self.movies(), wanted)
        if self.c.loss == "in_batch":
            return self._in_batch(users, wanted)
        return self._against(users, wanted, negatives[real])

    def vectors(self, people: Tensor, movies: Tensor, lengths: Tensor) -> Tensor:
        """Users' vectors, of pasts as `padded` gives them: (n, codes), (n, length), (n,) -> (n, d)."""
        past = torch.zeros(len(people), 0, device=people.device)  # (n, 0)
        if self.pool is not None:
            x = self.movie_tower.ids((movies - 1).clamp(min=0))  # (n, length, width)
            past = self.pool.latest(x, lengths, movies != PADDING)  # (n, h * width)
        return self.users(people, past[:, None])[:, 0]

    def _against(self, users: Tensor, wanted: Tensor, negatives: Tensor) -> Tensor:
        """(n, d), (n,), (n, k) -> scalar."""
        both = self.movies(torch.cat([wanted[:, None], negatives], dim=1))  # (n, 1 + k, d)
        scores = (both @ users[:, :, None])[:, :, 0]  # (n, 1 + k)
        positive, negative = scores[:, 0], scores[:, 1:]
        if self.c.loss == "triplet":
            return triplet(positive, negative, self.c.margin)
        if self.c.loss == "bce":
            twice = self.c.sigmoid_twice
            return binary_cross_entropy(*((positive.sigmoid(), negative.sigmoid()) if twice else (positive, negative)))
        if self.c.logq:
            negative = negative - self.log_chance[negatives] - np.log(negatives.shape[1])
        return softmax_of_negatives(positive, negative)

    def _in_batch(self, users: Tensor, wanted: Tensor) -> Tensor:
        """In groups drawn at random, lest the rest of a user's own window be most of the negatives."""
        groups = torch.randperm(len(users), device=users.device).split(_TOGETHER)
        movies = self.movies(wanted)  # (n, d)
        chance = self.log_chance if self.c.logq else None
        losses = [in_batch_softmax(users[rows], movies[rows], wanted[rows], chance) * len(rows) for rows in groups]
        return torch.stack(losses).sum() / len(users)


class DSSM(NeuralRecommender):
    """The product of a user's and a movie's vector."""

    name = "dssm"
    description = "two towers: a user's latest movies, and a movie, each as a vector"
    config_class = DSSMConfig
    config: DSSMConfig
    module: TwoTowers  # pyright: ignore[reportIncompatibleVariableOverride]
    log_scores = True
    needs = "it needs ratings, and to learn from pasts two of the same user"

    people: UserVocabulary
    n_users: int
    _vectors: Embeddings | None = None  # (movies, d), computed when first asked for after the weights have changed

    def __init__(self, config: Config | None = None, **settings: Any):
        """Raises `ConfigError` for settings, and for none that says what a user is known by."""
        super().__init__(config, **settings)
        c = self.config
        if not (c.user_id or c.demographics or c.history != "none"):
            raise ConfigError("dssm has nothing to know a user by; expected user_id, demographics or a history")
        self.uses_timestamps = c.history == "recent"

    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        """As of every trained recommender; then somebody unknown is given the mean of the ids that were learned."""
        super().fit(train, validation)
        ids = self.module.user_tower.ids
        if ids is not None:
            ids.weight.data[0] = ids.weight.data[1:].mean(0)
        self._vectors = None
        return self

    def batches(self, train: Dataset) -> SingleBatches | WindowBatches:
        """Windows for a tower that looks at the past, else single ratings. Raises `ProtocolError`."""
        c, training = self.config, self.config.training
        if self.uses_timestamps and not train.has_order:
            raise ProtocolError(
                f"dssm needs to know what came after what, and {train.name} has no timestamps; history=mean does not"
            )
        negatives = None
        if c.loss in ("bce", "triplet", "sampled"):
            sampler = NegativeSampler(train.histories, train.n_movies, c.sampler, allow_own=c.own_negatives)
            negatives = Negatives(sampler, c.negatives)
        people = self._codes(train.histories, UserVocabulary.of(train.users), train.n_users)
        if c.history == "none":
            return SingleBatches(train.histories, people, training.batch_size, negatives, training.seed)
        shuffled = c.history == "mean"
        return WindowBatches(
            train.histories, people, c.length, training.batch_size, negatives, training.seed, shuffled=shuffled
        )

    def build(self, train: Dataset) -> TwoTowers:
        """Towers with fresh weights."""
        c = self.config
        self.people, self.n_users = UserVocabulary.of(train.users), train.n_users
        features = None
        if c.movie_features:
            genres, words = genre_vectors(train.movies)[0], title_words(train.movies)[0]
            features = torch.from_numpy(genres).to(torch.uint8), torch.from_numpy(words)
        log_chance = np.zeros(train.n_movies, dtype=np.float32)
        if c.logq and c.loss in ("sampled", "in_batch"):
            # Whose movies are others' negatives in a batch are drawn as often as they were rated.
            drawn = ("popularity", 1.0) if c.loss == "in_batch" else (c.sampler, 0.75)
            log_chance = NegativeSampler(train.histories, train.n_movies, *drawn, allow_own=True).log_chance
        return self._towers(train.n_movies, features, torch.from_numpy(log_chance))

    def rebuild(self, state: State) -> TwoTowers:
        """Towers of the same shapes."""
        features = None
        if self.config.movie_features:
            genres, words = (torch.from_numpy(state[f"movie_tower.{name}"]) for name in ("genres", "words"))
            features = genres, words
        return self._towers(self.n_movies, features, torch.zeros(self.n_movies))

    def state(self) -> State:
        """The weights, and what the codes of people stand for."""
        about = {"n_users": np.array([self.n_users]), "user_vocabulary": self.people.to_array()}
        return super().state() | about

    def restore(self, state: State) -> None:
        """Take them back."""
        weights = dict(state)
        self.n_users = int(weights.pop("n_users")[0])
        self.people = UserVocabulary.from_array(weights.pop("user_vocabulary"))
        super().restore(weights)

    def score(self, histories: Histories) -> Scores:
        """Products of the user's and the movies' vectors."""
        return self.user_vectors(histories) @ self.movie_vectors().T

    def similar(self, movies: npt.NDArray[np.int32]) -> Scores:
        """Cosine of the movies' vectors."""
        vectors = unit(self.movie_vectors())
        return vectors[movies] @ vectors.T

    def user_vectors(self, histories: Histories) -> Embeddings:
        """The vector of each history's user: (n, d) float32. The best movie for them has the largest product."""
        self.require_fitted()
        device = self.module.log_chance.device
        codes = torch.from_numpy(self._codes(histories, self.people, self.n_users))  # (n, 4)
        movies, lengths = padded(histories, self.config.length)
        blocks = zip(codes.split(_BLOCK), movies.split(_BLOCK), lengths.split(_BLOCK), strict=True)
        with torch.inference_mode():
            vectors = [self.module.vectors(*(part.to(device) for part in block)).cpu() for block in blocks]
        return torch.cat(vectors).numpy()

    def movie_vectors(self) -> Embeddings:
        """The vector of each movie: (movies, d) float32. They are computed once and kept."""
        self.require_fitted()
        if self._vectors is None:
            with torch.inference_mode():
                self._vectors = self.module.movies().cpu().numpy()
        return self._vectors

    def ndcg(self, histories: Histories, targets: Histories, k: int = 10) -> float:
        """As of every trained recommender, with the weights as they are now."""
        self._vectors = None
        return super().ndcg(histories, targets, k)

    def _codes(self, histories: Histories, people: UserVocabulary, n_users: int) -> npt.NDArray[np.int64]:
        """Id, gender, age and occupation, 0 where unknown: (n, 4)."""
        return np.column_stack([histories.user_rows(n_users) + 1, people.encode(histories.users, len(histories))])

    def _towers(self, n_movies: int, features: tuple[Tensor, Tensor] | None, log_chance: Tensor) -> TwoTowers:
        c = self.config
        pool = None
        if c.history != "none":
            pool = RecencyPool(c.half_lives if c.history == "recent" else ())
        user_tower = UserTower(
            self.n_users + 1 if c.user_id else 0,
            self.people.sizes if c.demographics else (),
            pool.sums * c.width if pool is not None else 0,
            c.width,
            c.layers,
        )
        return TwoTowers(user_tower, MovieTower(n_movies, features, c.width, c.layers), pool, c, log_chance)
