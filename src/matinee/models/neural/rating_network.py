"""The base of networks that predict ratings: a tower for users, one for movies, and biases.

A tower turns the features of a user or movie into a vector. The rating that a user gives a movie is then

    mean + user bias + movie bias + gain * (user vector . movie vector)

with biases initialised by the damped means of `bias`, so that the towers only learn the rest. Movies' vectors are
computed once, after training, so scoring is one matrix product.
"""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, Self

import numpy as np
import polars as pl
import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from matinee.arrays import Embeddings, MovieRows, Scores
from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.errors import ProtocolError
from matinee.features.facts import genre_vectors
from matinee.features.users import UNKNOWN, UserVocabulary
from matinee.features.words import title_words
from matinee.models.baselines.bias import Bias, damped_means
from matinee.models.capabilities import unit_rows
from matinee.models.neural.neural_recommender import NeuralRecommender
from matinee.models.recommender import Config, State
from matinee.training.batches.ratings import RatingBatches

_BLOCK = 512  # movies per pass of the trained tower
_DAMPING = 5.0  # ratings at the mean that are added to those of each movie and user

Features = Mapping[str, Tensor]  # features of the movies: each (movies, ...)

# Settings that suit a dozen movies, for tests.
SMALL_SETTINGS: dict[str, Any] = {
    "output_dim": 8,
    "embedding_dim": 4,
    "training": {"epochs": 3, "batch_size": 16, "lr": 0.02},
}


class RatingNetworkConfig(Config):
    """Settings of all rating networks."""

    output_dim: int = Field(default=200, ge=1, description="size of the two vectors that are multiplied")
    biases: bool = Field(default=True, description="add mean, user bias and movie bias to the product")
    bounded: bool = Field(default=True, description="keep predictions inside the rating scale")
    unknown_share: float = Field(
        default=0.05, ge=0, lt=1, description="share of a batch with hidden ids, so that new users are served"
    )
    embedding_dim: int = Field(
        default=32, ge=2, description="size of embeddings of ids, genres and words; half for gender, age and occupation"
    )
    init_std: float = Field(default=0.03, gt=0, description="standard deviation of new embeddings")


class Biases(nn.Module):
    """Mean + user bias + movie bias."""

    mean: Tensor

    def __init__(self, n_users: int, n_movies: int):
        super().__init__()
        self.register_buffer("mean", torch.zeros(()))
        self.users, self.movies = nn.Parameter(torch.zeros(n_users)), nn.Parameter(torch.zeros(n_movies))

    def initialise(self, train: Dataset) -> None:
        """Initialise with the damped means of the ratings in `train`."""
        bias_model = Bias(movie_damping=_DAMPING, user_damping=_DAMPING).fit(train)
        self.mean.fill_(bias_model.mean)
        self.movies.data.copy_(torch.from_numpy(bias_model.movie_bias))
        self.users.data.copy_(torch.from_numpy(self.of(train.histories)))

    def of(self, histories: Histories) -> Embeddings:
        """Return the damped mean of each history's ratings minus mean and movie bias: (n,)."""
        if histories.ratings is None:
            return np.zeros(len(histories), dtype=np.float32)
        baseline = (self.mean + self.movies).detach().cpu().numpy()  # (movies,)
        histories = histories.without_gaps()
        deviation = np.asarray(histories.ratings) - baseline[histories.movies]
        return damped_means(histories.owner, deviation, len(histories), _DAMPING)

    def forward(self, users: Tensor, movies: Tensor) -> Tensor:
        """Return the biases of users and movies: (batch,), (batch,) rows -> (batch,)."""
        return self.mean + self.users[users] + self.movies[movies]


class RatingModule(nn.Module):
    """Two towers and biases. `user_tower` maps codes (n, 4) to vectors, `movie_tower` movie rows (n,)."""

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
        # Attributes of training users are private, so they are not saved.
        self.register_buffer("attributes", attributes, persistent=False)  # (users, 3)

    def forward(self, users: Tensor, movies: Tensor) -> Tensor:
        """Predict ratings: rows (batch,), (batch,) -> (batch,). Each movie passes its tower only once."""
        ids = users + 1  # 0 is an unknown user
        if self.training and self.unknown_share:
            hidden = torch.rand(len(ids), device=ids.device) < self.unknown_share
            ids = ids.masked_fill(hidden, UNKNOWN)
        user = self.user_vectors(torch.cat([ids[:, None], self.attributes[users]], dim=1))  # (batch, d)
        distinct, index = movies.unique(return_inverse=True)
        movie = self.movie_vectors(distinct).index_select(0, index)  # (batch, d)
        product = self.gain * (user * movie).sum(-1)  # (batch,)
        return product if self.biases is None else product + self.biases(users, movies)

    def user_vectors(self, codes: Tensor) -> Tensor:
        """Map codes of id, gender, age and occupation, 0 for unknown, to vectors: (n, 4) -> (n, d)."""
        vectors = self.user_tower(codes)
        return F.normalize(vectors, dim=-1) if self.cosine else vectors

    def movie_vectors(self, movies: Tensor) -> Tensor:
        """Map movie rows to vectors: (n,) -> (n, d)."""
        vectors = self.movie_tower(movies)
        return F.normalize(vectors, dim=-1) if self.cosine else vectors

    def loss(self, batch: tuple[Tensor, ...]) -> Tensor:
        """Return the mean squared error of a batch of users, movies and ratings."""
        users, movies, ratings = batch
        return F.mse_loss(self(users, movies), ratings)


class RatingNetwork(NeuralRecommender):
    """Predicts ratings from a user's vector, a movie's vector and the biases of both.

    A user from the training data has a trained id and bias. A new user gets the vector of the unknown user, which is
    trained on the share of each batch with hidden ids, with gender, age and occupation if given, and a bias computed
    from the history.
    """

    predicts_ratings = True
    config: RatingNetworkConfig
    module: RatingModule  # pyright: ignore[reportIncompatibleVariableOverride]

    user_vocabulary: UserVocabulary
    n_users: int
    scale: tuple[float, float]
    _vectors: Embeddings | None = None  # (movies, d), computed on first use after the weights have changed

    @abstractmethod
    def build_features(self, train: Dataset) -> Features:
        """Compute the inputs of the movie tower."""

    @abstractmethod
    def features_of_state(self, state: State) -> Features:
        """Return the inputs that are part of a state; they set the shapes of the movie tower."""

    @abstractmethod
    def build_rating_module(self, features: Features, attributes: Tensor, biases: Biases | None) -> RatingModule:
        """Build new towers for `self.n_users` and `self.user_vocabulary`."""

    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        """Train from initial weights, and choose the epoch by the RMSE on `validation`. Raises `ProtocolError`."""
        super().fit(train, validation)
        self._vectors = None
        return self

    def make_batches(self, train: Dataset) -> RatingBatches:
        """Make batches of single ratings. Raises `ProtocolError` without ratings."""
        ratings, training = train.ratings, self.training
        if ratings.rating is None:
            raise ProtocolError(f"{self.name} needs ratings, and {train.name} has none, only who watched what.")
        return RatingBatches(ratings.user, ratings.movie, ratings.rating, training.batch_size, training.seed)

    def build_module(self, train: Dataset) -> RatingModule:
        """Build a module with new towers, and biases from the ratings."""
        self.user_vocabulary, self.n_users, self.scale = UserVocabulary.of(train.users), train.n_users, train.scale
        attributes = torch.from_numpy(self.user_vocabulary.encode(train.users, train.n_users))  # (users, 3)
        biases = Biases(train.n_users, train.n_movies) if self.config.biases else None
        if biases is not None:
            biases.initialise(train)
        module = self.build_rating_module(self.build_features(train), attributes, biases)
        for part in module.modules():
            if isinstance(part, nn.Embedding):
                part.weight.data.mul_(self.config.init_std)  # small, so that rare ids and words stay near zero
        return module

    def rebuild_module(self, state: State) -> RatingModule:
        """Build a module with the shapes of `state`."""
        biases = Biases(self.n_users, self.n_movies) if self.config.biases else None
        return self.build_rating_module(self.features_of_state(state), torch.zeros(0, 3, dtype=torch.int64), biases)

    def state(self) -> State:
        """Return the weights and the movies' vectors, so that scoring does not need their inputs."""
        return super().state() | {
            "n_users": np.array([self.n_users]),
            "scale": np.array(self.scale),
            "user_vocabulary": self.user_vocabulary.to_array(),
            "movie_vectors": self.movie_vectors(),
        }

    def restore(self, state: State) -> None:
        """Take over weights and vectors."""
        weights: dict[str, Any] = dict(state)
        self.n_users = int(weights.pop("n_users")[0])
        low, high = weights.pop("scale").tolist()
        self.scale = (low, high)
        self.user_vocabulary = UserVocabulary.from_array(weights.pop("user_vocabulary"))
        vectors = weights.pop("movie_vectors")
        super().restore(weights)
        self._vectors = vectors

    def score(self, histories: Histories) -> Scores:
        """Predict ratings."""
        self.require_fitted()
        ratings = self.user_vectors(histories) @ (self.module.gain * self.movie_vectors().T)  # (n, movies)
        if self.module.biases is not None:
            biases = self.module.biases
            baseline = (biases.mean + biases.movies).detach().cpu().numpy()  # (movies,)
            ratings += baseline + self._user_biases(biases, histories)[:, None]
        return (ratings.clip(*self.scale) if self.config.bounded else ratings).astype(np.float32, copy=False)

    def user_vectors(self, histories: Histories) -> Embeddings:
        """Return the vector of each history's user: (n, d) float32. The best movie has the largest product."""
        self.require_fitted()
        ids = histories.user_rows(self.n_users) + 1
        codes = np.column_stack([ids, self.user_vocabulary.encode(histories.users, len(histories))])  # (n, 4)
        with torch.inference_mode():
            return self.module.user_vectors(torch.from_numpy(codes).to(self._device)).cpu().numpy()

    def movie_vectors(self) -> Embeddings:
        """Return the vector of each movie: (movies, d) float32, computed once."""
        self.require_fitted()
        if self._vectors is None:
            rows = torch.arange(self.n_movies, device=self._device)
            # Dropout at scoring, if any, is the same each time.
            with torch.inference_mode(), torch.random.fork_rng():
                torch.manual_seed(self.training.seed)
                blocks = [self.module.movie_vectors(block) for block in rows.split(_BLOCK)]
            self._vectors = torch.cat(blocks).cpu().numpy()
        return self._vectors

    def similar(self, movies: MovieRows) -> Scores:
        """Return cosines of the movies' vectors."""
        vectors = unit_rows(self.movie_vectors())
        return vectors[movies] @ vectors.T

    def rmse(self, histories: Histories, targets: Histories) -> float:
        """Return the root mean squared error with the current weights."""
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
    """Return words of titles by number, 0 for padding, (movies, title_length) int32; and (movies, genres) uint8."""
    words, _ = title_words(movies, title_length)
    genres, _ = genre_vectors(movies)
    return {"words": torch.from_numpy(words), "genres": torch.from_numpy(genres).to(torch.uint8)}
