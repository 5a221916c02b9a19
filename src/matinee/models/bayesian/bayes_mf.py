"""`bayes_mf`: Bayesian matrix factorisation, for predicted stars.

Salakhutdinov & Mnih, "Bayesian probabilistic matrix factorization using MCMC", ICML 2008, with side features after
Simm et al., "Macau", MLSP 2017: Gibbs sampling (`gibbs.py`) instead of a single best factorisation, so no epoch, step
or regularisation has to be chosen. Features of a movie are its genres and decade, so that one nobody has rated has a
place; those of a user are the movies rated, each 1 / sqrt(how many) (Koren's SVD++: what somebody chose to rate says
something whatever the stars).

Kept of each sample are the movies and the users' prior, no user: given these, the mean of what a history says about
its owner has a closed form. So everybody is scored alike, from training or not, and without chance.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
import polars as pl
from pydantic import Field
from scipy import linalg
from threadpoolctl import ThreadpoolController

from matinee.arrays import AnyFloats, AnyRows, Scores
from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.errors import ProtocolError
from matinee.features.genres import genre_vectors
from matinee.models.bayesian.gibbs import Design, FactorSide, buckets, noise_precision
from matinee.models.linear.sparse import Matrix, user_movie_matrix
from matinee.models.recommender import Config, Recommender, State, with_validation
from matinee.progress import track

_BLAS = ThreadpoolController()  # of many small products: two threads wait for each other longer than they work
_BLOCK_FLOATS = 1 << 24  # of factors of rated movies gathered at a time while scoring


class BayesMFConfig(Config):
    """Settings of `bayes_mf`. A fit takes burn_in + samples * thin sweeps."""

    rank: int = Field(default=32, ge=1)
    burn_in: int = Field(default=20, ge=0)  # sweeps before the first that counts
    samples: int = Field(default=30, ge=1)  # kept; each is as large as the movies and their weights
    thin: int = Field(default=6, ge=1)  # sweeps from one sample to the next: neighbouring ones say much the same
    implicit_movies: int = Field(default=4000, ge=1)  # the most-rated, whose being rated is a feature of users
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Samples:
    """S samples of all that scoring needs; width = 1 + rank, the bias first."""

    movies: npt.NDArray[np.float32]  # (movies, S, width)
    weights: npt.NDArray[np.float32]  # (implicit movies, S, width) of the users' prior
    mean: AnyFloats  # (S, width) of the users' prior
    precision: AnyFloats  # (S, width, width) of the users' prior
    noise: AnyFloats  # (S,) precision of a rating


class BayesMF(Recommender):
    """Ratings as mean + biases + user factors . movie factors, averaged over samples of the posterior."""

    name = "bayes_mf"
    description = "Bayesian matrix factorisation by Gibbs sampling: predicted stars"
    config_class = BayesMFConfig
    config: BayesMFConfig
    scores_new_movies = True
    predicts_ratings = True

    mean_rating: float
    scale: tuple[float, float]
    implicit: npt.NDArray[np.int32]  # (implicit movies,) their rows, ascending
    samples: Samples
    basis: npt.NDArray[np.float32]  # (S * rank, d) what `movie_vectors` keeps of all samples

    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        """Sample. Raises `ProtocolError` without ratings."""
        known = with_validation(train, validation)
        stars = known.ratings.rating
        if stars is None:
            raise ProtocolError(
                f"{self.name} predicts ratings, and {known.name} has none: it only says who watched what"
            )
        most_rated = np.argsort(-known.counts, kind="stable")[: self.config.implicit_movies]
        self.implicit = np.sort(most_rated).astype(np.int32)
        self.mean_rating, self.scale = float(stars.mean(dtype=np.float64)), known.scale
        with _BLAS.limit(limits=1, user_api="blas"):
            self._take(self._sample(known, stars - np.float32(self.mean_rating)))
        self.basis = shared_basis(self.samples.movies[..., 1:], self.config.rank)
        self.n_movies = known.n_movies
        return self

    def score(self, histories: Histories) -> Scores:
        """Predicted stars. A history without ratings is judged by which movies it has; an empty one by nothing."""
        self.require_fitted()
        users = self._users(histories)
        n_samples = users.shape[1]
        # The mean over samples of products is one product, samples and factors being its inner dimension.
        # For one history it is bound by memory, and threads that wait for each other take the time of other requests.
        with _BLAS.limit(limits=1 if len(users) == 1 else None, user_api="blas"):
            personal = _flat(users) @ _flat(self._design.factors[:-1]).T / n_samples  # (n, movies)
        stars = self.mean_rating + self._movie_bias + personal
        return np.clip(stars, *self.scale).astype(np.float32)

    def predictive_std(self, histories: Histories, movies: npt.NDArray[np.int32]) -> Scores:
        """Standard deviations of the stars that these movies (m,) would get: how unsure `score` is, (n, m).

        Of the posterior predictive: how far the samples lie apart, how little each of them knows of the person, and
        that nobody gives the same film the same stars every day, the noise.
        """
        self.require_fitted()
        histories = histories.without_gaps()
        X = self._design.factors[movies].transpose(1, 2, 0)  # (S, width, m)
        biases = self._design.biases[movies].T  # (S, m)
        told = np.zeros((len(histories), len(movies)), dtype=np.float32)
        with _BLAS.limit(limits=1, user_api="blas"):
            for rows, means, precision in self._posteriors(histories):
                expected = means[:, :, None] @ X + biases[:, None]  # (b, S, 1, m)
                unknown = (X * np.linalg.solve(precision, X)).sum(axis=2)  # (b, S, m)
                within = (unknown + 1 / self.samples.noise[:, None]).mean(axis=1)  # (b, m)
                told[rows] = np.sqrt(expected[:, :, 0].var(axis=1) + within)
        return told

    def movie_vectors(self) -> Scores:
        """Factors of the movies, without bias: (movies, d).

        Factors of different samples are rotated against each other, but dot products are not. These are the d
        dimensions that come nearest to the dot products of all samples.
        """
        self.require_fitted()
        return _flat(self.samples.movies[..., 1:]) @ self.basis

    def user_vectors(self, histories: Histories) -> Scores:
        """Factors of the owners of histories, without bias: (n, d).

        Times `movie_vectors` they give, but for what d dimensions cannot hold, the part of the score that is taste.
        """
        self.require_fitted()
        users = self._users(histories)
        return _flat(users[..., 1:]) @ self.basis / users.shape[1]

    def similar(self, movies: npt.NDArray[np.int32]) -> Scores:
        """Cosine of the movie vectors."""
        vectors = self.movie_vectors()
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.finfo(np.float32).tiny)
        return vectors[movies] @ vectors.T

    def state(self) -> State:
        """The samples, and what the ratings are measured from."""
        return {
            "mean_rating": np.array([self.mean_rating]),
            "scale": np.array(self.scale),
            "implicit": self.implicit,
            "basis": self.basis,
            **vars(self.samples),
        }

    def restore(self, state: State) -> None:
        """Take them back."""
        self.mean_rating = float(state["mean_rating"][0])
        low, high = state["scale"].tolist()
        self.scale = (low, high)
        self.implicit, self.basis = state["implicit"], state["basis"]
        self._take(Samples(*(state[name] for name in ("movies", "weights", "mean", "precision", "noise"))))

    def _take(self, samples: Samples) -> None:
        self.samples = samples
        self._design = Design.of(samples.movies)
        self._movie_bias = samples.movies[..., 0].mean(axis=1)  # (movies,)

    def _sample(self, known: Dataset, ratings: AnyFloats) -> Samples:
        """Run the chain on ratings (entries,) less their mean."""
        c = self.config
        rng = np.random.default_rng(c.seed)
        user, movie = known.ratings.user, known.ratings.movie
        of_users = list(buckets(user, movie, ratings, known.n_users, known.n_movies))
        of_movies = list(buckets(movie, user, ratings, known.n_movies, known.n_users))
        users = FactorSide(of_users, implicit_features(known.histories, known.n_movies, self.implicit), c.rank + 1, rng)
        movies = FactorSide(of_movies, movie_features(known.movies), c.rank + 1, rng)
        unrated = known.counts == 0
        noise = 1.0
        kept: list[Samples] = []
        for sweep in track(range(1, c.burn_in + c.samples * c.thin + 1), "sampling"):
            users.sample(movies.rows, noise, rng)
            squares = movies.sample(users.rows, noise, rng)
            noise = noise_precision(squares, len(ratings), rng)
            if sweep > c.burn_in and (sweep - c.burn_in) % c.thin == 0:
                # Nothing depends on a movie without ratings, so its mean may stand for the sample of it.
                rows = np.where(unrated[:, None], movies.prior.row_means(), movies.rows)
                prior = users.prior
                kept.append(Samples(rows, prior.weights, prior.mean, prior.precision, np.array(noise)))
        stacked = (np.stack([getattr(one, name) for one in kept]) for name in ("mean", "precision", "noise"))
        return Samples(
            np.stack([one.movies for one in kept], axis=1), np.stack([one.weights for one in kept], axis=1), *stacked
        )

    def _users(self, histories: Histories) -> npt.NDArray[np.float32]:
        """The posterior mean of each history's bias and factors, given each sample: (n, S, width)."""
        _, n_samples, width = self.samples.movies.shape
        users = np.zeros((len(histories), n_samples, width), dtype=np.float32)
        with _BLAS.limit(limits=1, user_api="blas"):
            for rows, means, _ in self._posteriors(histories.without_gaps()):
                users[rows] = means
        return users

    def _posteriors(self, histories: Histories) -> Iterator[tuple[AnyRows, AnyFloats, AnyFloats]]:
        """Bias and factors of all histories: rows (b,), means (b, S, width), precisions (b or 1, S, width, width)."""
        s = self.samples
        n_movies, n_samples, width = s.movies.shape
        features = implicit_features(histories, n_movies, self.implicit)
        means = s.mean.astype(np.float32) + (features @ _flat(s.weights)).reshape(-1, n_samples, width)
        if histories.ratings is None:
            yield np.arange(len(histories)), means, s.precision[None]
            return
        ratings = histories.ratings - np.float32(self.mean_rating)
        most_entries = _BLOCK_FLOATS // (n_samples * width)
        noise = s.noise[:, None]
        for bucket in buckets(histories.owner, histories.movies, ratings, len(histories), n_movies, most_entries):
            gram, cross, _ = self._design.equations(bucket)
            target = noise * cross + (means[bucket.rows][:, :, None] @ s.precision)[:, :, 0]
            precision = noise[..., None] * gram + s.precision
            yield bucket.rows, np.linalg.solve(precision, target[..., None])[..., 0], precision


def implicit_features(histories: Histories, n_movies: int, columns: AnyRows) -> Matrix:
    """1 / sqrt(movies in the history) for each of them among `columns`: (n, columns)."""
    weights = np.repeat(1 / np.sqrt(np.maximum(histories.lengths, 1)), histories.lengths)
    everything = user_movie_matrix(histories, n_movies, weights)
    return everything if len(columns) == n_movies else Matrix(everything[:, columns])


def movie_features(movies: pl.DataFrame) -> Matrix:
    """Genres, and the decade one-hot, with a column for movies whose year is unknown: (movies, features)."""
    genres, _ = genre_vectors(movies)
    decade = movies["year"].fill_null(0).to_numpy() // 10
    return Matrix(np.hstack([genres, decade[:, None] == np.unique(decade)]).astype(np.float32))


def shared_basis(factors: npt.NDArray[np.float32], d: int) -> npt.NDArray[np.float32]:
    """The directions (S * rank, d) that keep most of factors (movies, S, rank), all samples side by side."""
    flat = _flat(factors)
    size = flat.shape[1]
    _, vectors = linalg.eigh(flat.T @ flat, subset_by_index=[size - d, size - 1], check_finite=False)
    return np.ascontiguousarray(vectors[:, ::-1])


def _flat(samples: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """(n, S, width) -> (n, S * width)."""
    return samples.reshape(len(samples), -1)
