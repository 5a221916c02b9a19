"""What the networks that predict ratings share: a tower for users, one for movies, biases, and how they are used.

A tower turns what is known of somebody, or of a movie, into a vector. The stars that a user gives a movie are then

    mean + user bias + movie bias + gain * (user vector . movie vector)

with biases that are started from the damped means of `bias`, so that the towers need only learn what these leave
over. Movies' vectors are computed once, after training: scoring is one matrix product.
"""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import polars as pl
import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from matinee.arrays import Embeddings, Scores
from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.errors import ProtocolError
from matinee.features.genres import genre_vectors
from matinee.features.users import UNKNOWN, UserVocabulary
from matinee.features.words import title_words
from matinee.models.baselines.bias import Bias, damped_means
from matinee.models.capabilities import unit
from matinee.models.neural.neural_recommender import NeuralRecommender
from matinee.models.recommender import Config, State
from matinee.training.batches.ratings import RatingBatches

_BLOCK = 512  # movies that go through their tower at a time, once trained
_DAMPING = 5.0  # ratings at the mean that a movie or user is thought to have besides its own

Features = Mapping[str, Tensor]  # what is known of the movies: each (movies, ...)


class RatingNetworkConfig(Config):
    """Settings that all rating networks have."""

    width: int = Field(default=200, ge=1)  # of the vectors that are multiplied
    biases: bool = True  # added to the product
    bounded: bool = True  # predictions are kept inside the scale
    unknown_share: float = Field(default=0.05, ge=0, lt=1)  # of a batch, whose ids are withheld
    embedding: int = Field(default=32, ge=2)  # of ids, genres and words; half of it for gender, age and occupation
    start: float = Field(default=0.03, gt=0)  # standard deviation of fresh embeddings


class Biases(nn.Module):
    """Mean + user bias + movie bias."""

    mean: Tensor

    def __init__(self, n_users: int, n_movies: int):
        super().__init__()
        self.register_buffer("mean", torch.zeros(()))
        self.users, self.movies = nn.Parameter(torch.zeros(n_users)), nn.Parameter(torch.zeros(n_movies))

    def start(self, train: Dataset) -> None:
        """Take the damped means of the ratings in `train`."""
        start = Bias(movie_damping=_DAMPING, user_damping=_DAMPING).fit(train)
        self.mean.fill_(start.mean)
        self.movies.data.copy_(torch.from_numpy(start.movie_bias))
        self.users.data.copy_(torch.from_numpy(self.of(train.histories)))

    def of(self, histories: Histories) -> Embeddings:
        """The damped mean of how much more each history gives its movies than is usual: (n,)."""
        if histories.ratings is None:
            return np.zeros(len(histories), dtype=np.float32)
        usual = (self.mean + self.movies).detach().cpu().numpy()  # (movies,)
        histories = histories.without_gaps()
        more = np.asarray(histories.ratings) - usual[histories.movies]
        return damped_means(histories.owner, more, len(histories), _DAMPING)

    def forward(self, users: Tensor, movies: Tensor) -> Tensor:
        """(batch,), (batch,) rows -> (batch,)."""
        return self.mean + self.users[users] + self.movies[movies]


class RatingModule(nn.Module):
    """Two towers and the biases. `user_tower` takes codes (n, 4), `movie_tower` movie rows (n,); both give vectors."""

    attributes: Tensor

    def __init__(
        self,
        towers: tuple[nn.Module, nn.Module],
        biases: Biases | None,
        attributes: Tensor,
        gain: float,
        unknown_share: float,
        cosine: bool = False,
    ):
        super().__init__()
        self.user_tower, self.movie_tower = towers
        self.biases, self.gain, self.unknown_share, self.cosine = biases, gain, unknown_share, cosine
        # Of the users in training, for training only: who they are is nobody's business afterwards.
        self.register_buffer("attributes", attributes, persistent=False)  # (users, 3)

    def forward(self, users: Tensor, movies: Tensor) -> Tensor:
        """Predicted stars: rows (batch,), (batch,) -> (batch,). Each movie goes through its tower only once."""
        ids = users + 1  # 0 is somebody unknown
        if self.training and self.unknown_share:
            withheld = torch.rand(len(ids), device=ids.device) < self.unknown_share
            ids = ids.masked_fill(withheld, UNKNOWN)
        user = self.user_vectors(torch.cat([ids[:, None], self.attributes[users]], dim=1))  # (batch, d)
        distinct, place = movies.unique(return_inverse=True)
        movie = self.movie_vectors(distinct).index_select(0, place)  # (batch, d)
        product = self.gain * (user * movie).sum(-1)  # (batch,)
        return product if self.biases is None else product + self.biases(users, movies)

    def user_vectors(self, codes: Tensor) -> Tensor:
        """Id, gender, age and occupation, 0 where unknown -> vectors: (n, 4) -> (n, d)."""
        vectors = self.user_tower(codes)
        return F.normalize(vectors, dim=-1) if self.cosine else vectors

    def movie_vectors(self, movies: Tensor) -> Tensor:
        """Movie rows -> vectors: (n,) -> (n, d)."""
        vectors = self.movie_tower(movies)
        return F.normalize(vectors, dim=-1) if self.cosine else vectors

    def loss(self, batch: tuple[Tensor, ...]) -> Tensor:
        """Mean squared error of a batch of users, movies and ratings."""
        users, movies, ratings = batch
        return F.mse_loss(self(users, movies), ratings)


class RatingNetwork(NeuralRecommender):
    """Predicts stars from a user's vector, a movie's vector and the biases of both.

    Somebody from the training data has an id and a bias that were learned. Anybody else is served too: as the
    unknown user, whom the network met in training whenever an id was withheld, with what is said of gender, age and
    occupation, and with the damped mean of how much more than usual their history gives.
    """

    predicts_ratings = True
    config: RatingNetworkConfig
    module: RatingModule  # pyright: ignore[reportIncompatibleVariableOverride]

    users: UserVocabulary
    n_users: int
    scale: tuple[float, float]
    _vectors: Embeddings | None = None  # (movies, d), computed when first asked for after the weights have changed

    @abstractmethod
    def features(self, train: Dataset) -> Features:
        """What the movie tower is told of the movies."""

    @abstractmethod
    def saved_features(self, state: State) -> Features:
        """The same from a state, as far as it is there; the shapes of the movie tower follow from it."""

    @abstractmethod
    def assemble(self, features: Features, attributes: Tensor, biases: Biases | None) -> RatingModule:
        """Fresh towers, joined, for `self.n_users` and `self.users`."""

    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        """Train from fresh weights, choosing the epoch by the RMSE on `validation`. Raises `ProtocolError`."""
        super().fit(train, validation)
        self._vectors = None
        return self

    def batches(self, train: Dataset) -> RatingBatches:
        """Single ratings. Raises `ProtocolError` without any."""
        ratings, training = train.ratings, self.training
        if ratings.rating is None:
            raise ProtocolError(
                f"{self.name} predicts ratings, and {train.name} has none: it only says who watched what"
            )
        return RatingBatches(ratings.user, ratings.movie, ratings.rating, training.batch_size, training.seed)

    def build(self, train: Dataset) -> RatingModule:
        """A module with fresh towers, and biases from the ratings."""
        self.users, self.n_users, self.scale = UserVocabulary.of(train.users), train.n_users, train.scale
        attributes = torch.from_numpy(self.users.encode(train.users, train.n_users))  # (users, 3)
        biases = Biases(train.n_users, train.n_movies) if self.config.biases else None
        if biases is not None:
            biases.start(train)
        module = self.assemble(self.features(train), attributes, biases)
        for part in module.modules():
            if isinstance(part, nn.Embedding):
                part.weight.data.mul_(self.config.start)  # small, so that what is rare stays near zero
        return module

    def rebuild(self, state: State) -> RatingModule:
        """A module of the same shapes."""
        biases = Biases(self.n_users, self.n_movies) if self.config.biases else None
        return self.assemble(self.saved_features(state), torch.zeros(0, 3, dtype=torch.int64), biases)

    def state(self) -> State:
        """The weights, and the movies' vectors, so that nothing they were made from is needed to score."""
        return super().state() | {
            "n_users": np.array([self.n_users]),
            "scale": np.array(self.scale),
            "user_vocabulary": self.users.to_array(),
            "movie_vectors": self.movie_vectors(),
        }

    def restore(self, state: State) -> None:
        """Take them back."""
        weights: dict[str, Any] = dict(state)
        self.n_users = int(weights.pop("n_users")[0])
        low, high = weights.pop("scale").tolist()
        self.scale = (low, high)
        self.users = UserVocabulary.from_array(weights.pop("user_vocabulary"))
        vectors = weights.pop("movie_vectors")
        super().restore(weights)
        self._vectors = vectors

    def score(self, histories: Histories) -> Scores:
        """Predicted stars."""
        self.require_fitted()
        stars = self.user_vectors(histories) @ (self.module.gain * self.movie_vectors().T)  # (n, movies)
        if self.module.biases is not None:
            biases = self.module.biases
            usual = (biases.mean + biases.movies).detach().cpu().numpy()  # (movies,)
            stars += usual + self._user_biases(biases, histories)[:, None]
        return (stars.clip(*self.scale) if self.config.bounded else stars).astype(np.float32, copy=False)

    def user_vectors(self, histories: Histories) -> Embeddings:
        """The vector of each history's user: (n, d) float32. The movie they like most has the largest product."""
        self.require_fitted()
        ids = histories.user_rows(self.n_users) + 1
        codes = np.column_stack([ids, self.users.encode(histories.users, len(histories))])  # (n, 4)
        with torch.inference_mode():
            return self.module.user_vectors(torch.from_numpy(codes).to(self._device)).cpu().numpy()

    def movie_vectors(self) -> Embeddings:
        """The vector of each movie: (movies, d) float32. They are computed once and kept."""
        self.require_fitted()
        if self._vectors is None:
            rows = torch.arange(self.n_movies, device=self._device)
            # What is random in scoring, if anything, is the same whenever it is done.
            with torch.inference_mode(), torch.random.fork_rng():
                torch.manual_seed(self.training.seed)
                blocks = [self.module.movie_vectors(block) for block in rows.split(_BLOCK)]
            self._vectors = torch.cat(blocks).cpu().numpy()
        return self._vectors

    def similar(self, movies: npt.NDArray[np.int32]) -> Scores:
        """Cosine of the movies' vectors."""
        vectors = unit(self.movie_vectors())
        return vectors[movies] @ vectors.T

    def rmse(self, histories: Histories, targets: Histories) -> float:
        """As of every trained recommender, with the weights as they are now."""
        self._vectors = None
        return super().rmse(histories, targets)

    @property
    def _device(self) -> torch.device:
        return next(self.module.parameters()).device

    def _user_biases(self, biases: Biases, histories: Histories) -> Embeddings:
        rows = histories.user_rows(self.n_users)
        learned = biases.users.detach().cpu().numpy()
        return np.where(rows >= 0, learned[rows], biases.of(histories))


def words_and_genres(movies: pl.DataFrame, title_length: int) -> dict[str, Tensor]:
    """Words of each title by number, 0 for padding: (movies, title_length) int32; and (movies, genres) uint8."""
    words, _ = title_words(movies, title_length)
    genres, _ = genre_vectors(movies)
    return {"words": torch.from_numpy(words), "genres": torch.from_numpy(genres).to(torch.uint8)}
