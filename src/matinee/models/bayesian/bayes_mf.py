"""`bayes_mf`: Bayesian matrix factorisation, for predicted ratings.

Salakhutdinov & Mnih, "Bayesian probabilistic matrix factorization using MCMC", ICML 2008, with side features after
Simm et al., "Macau", MLSP 2017: Gibbs sampling (`gibbs.py`) instead of a single best factorisation, so there is no
epoch, step or regularisation to choose. Features of a movie are its genres and decade, so that movies without ratings
have factors. Features of a user are the rated movies, each 1 / sqrt(n ratings) (Koren's SVD++: the choice of movies
is informative, whatever the ratings).

A sample holds the movies and the users' prior, but no users: given these, the posterior mean of a history's user has a
closed form. So users from training and new ones are scored alike, and deterministically.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Self

import numpy as np
import polars as pl
from pydantic import Field
from scipy import linalg
from threadpoolctl import ThreadpoolController

from matinee.arrays import AnyFloats, AnyRows, Floats32, MovieRows, Scores
from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.errors import ProtocolError
from matinee.features.facts import genre_vectors
from matinee.models.bayesian.gibbs import Design, FactorSide, draw_noise_precision, make_buckets
from matinee.models.linear.sparse import Matrix, user_movie_matrix
from matinee.models.recommender import Config, Recommender, State, with_validation
from matinee.progress import track

_BLAS = ThreadpoolController()  # products here are small: two threads wait for each other longer than they work
_BLOCK_FLOATS = 1 << 24  # of factors of rated movies gathered at a time while scoring


class BayesMFConfig(Config):
    """Settings of `bayes_mf`. A fit takes burn_in + samples * thin sweeps."""

    embedding_dim: int = Field(default=32, ge=1, description="factors of a movie or user")
    burn_in: int = Field(default=20, ge=0, description="sweeps before the first sample")
    samples: int = Field(default=30, ge=1, description="samples kept; each holds all movies and their weights")
    thin: int = Field(default=6, ge=1, description="sweeps from one sample to the next")
    implicit_movies: int = Field(
        default=4000, ge=1, description="most-rated movies for which having rated them is a feature of a user"
    )
    seed: int = Field(default=0, description="seed of the samples")


@dataclass(frozen=True, eq=False)
class Samples:
    """S samples of everything that scoring needs; width = 1 + embedding_dim, the bias first."""

    movies: Floats32  # (movies, S, width)
    weights: Floats32  # (implicit movies, S, width) of the users' prior
    mean: AnyFloats  # (S, width) of the users' prior
    precision: AnyFloats  # (S, width, width) of the users' prior
    noise: AnyFloats  # (S,) precision of a rating


class BayesMF(Recommender):
    """Ratings as mean + biases + user factors . movie factors, averaged over samples of the posterior."""

    name = "bayes_mf"
    description = "Bayesian matrix factorisation by Gibbs sampling: predicted ratings"
    config_class = BayesMFConfig
    small_settings = MappingProxyType({"embedding_dim": 4, "burn_in": 5, "samples": 5, "thin": 2})
    config: BayesMFConfig
    scores_new_movies = True
    predicts_ratings = True

    mean_rating: float
    scale: tuple[float, float]
    implicit: MovieRows  # (implicit movies,) their rows, ascending
    samples: Samples
    basis: Floats32  # (S * embedding_dim, d) projects the factors of all samples to `movie_vectors`

    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        """Sample. Raises `ProtocolError` without ratings."""
        data = with_validation(train, validation)
        ratings = data.ratings.rating
        if ratings is None:
            raise ProtocolError(f"{self.name} needs ratings, and {data.name} has none, only who watched what.")
        most_rated = np.argsort(-data.counts, kind="stable")[: self.config.implicit_movies]
        self.implicit = np.sort(most_rated).astype(np.int32)
        self.mean_rating, self.scale = float(ratings.mean(dtype=np.float64)), data.scale
        with _BLAS.limit(limits=1, user_api="blas"):
            self._take(self._sample(data, ratings - np.float32(self.mean_rating)))
        self.basis = shared_basis(self.samples.movies[..., 1:], self.config.embedding_dim)
        self.n_movies = data.n_movies
        return self

    def score(self, histories: Histories) -> Scores:
        """Predict ratings. A history without ratings counts by its movies alone; an empty one has the prior mean."""
        self.require_fitted()
        users = self._users(histories)
        n_samples = users.shape[1]
        # The mean over samples of products is one product, samples and factors being its inner dimension.
        # For one history memory is the limit, and more threads would only take time from other requests.
        with _BLAS.limit(limits=1 if len(users) == 1 else None, user_api="blas"):
            personal = _flat(users) @ _flat(self._design.factors[:-1]).T / n_samples  # (n, movies)
        ratings = self.mean_rating + self._movie_bias + personal
        return np.clip(ratings, *self.scale).astype(np.float32)

    def predictive_std(self, histories: Histories, movies: MovieRows) -> Scores:
        """Return standard deviations of the ratings of these movies (m,): (n, m).

        They are those of the posterior predictive: the spread between samples, the posterior variance of the user
        within each sample, and the noise of ratings.
        """
        self.require_fitted()
        histories = histories.without_gaps()
        X = self._design.factors[movies].transpose(1, 2, 0)  # (S, width, m)
        biases = self._design.biases[movies].T  # (S, m)
        deviations = np.zeros((len(histories), len(movies)), dtype=np.float32)
        with _BLAS.limit(limits=1, user_api="blas"):
            for rows, means, precision in self._posteriors(histories):
                expected = means[:, :, None] @ X + biases[:, None]  # (b, S, 1, m)
                unknown = (X * np.linalg.solve(precision, X)).sum(axis=2)  # (b, S, m)
                variance = (unknown + 1 / self.samples.noise[:, None]).mean(axis=1)  # (b, m)
                deviations[rows] = np.sqrt(expected[:, :, 0].var(axis=1) + variance)
        return deviations

    def movie_vectors(self) -> Scores:
        """Return the factors of movies, without bias: (movies, d).

        Factors of different samples are rotated against each other, but dot products are not. These are the d
        dimensions that come nearest to the dot products of all samples.
        """
        self.require_fitted()
        return _flat(self.samples.movies[..., 1:]) @ self.basis

    def user_vectors(self, histories: Histories) -> Scores:
        """Return the factors of the users of histories, without bias: (n, d).

        Their product with `movie_vectors` approximates, in d dimensions, the score without biases.
        """
        self.require_fitted()
        users = self._users(histories)
        return _flat(users[..., 1:]) @ self.basis / users.shape[1]

    def similar(self, movies: MovieRows) -> Scores:
        """Return cosines of the movie vectors."""
        vectors = self.movie_vectors()
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.finfo(np.float32).tiny)
        return vectors[movies] @ vectors.T

    def state(self) -> State:
        """Return the samples, the mean and the scale of ratings, and the basis."""
        return {
            "mean_rating": np.array([self.mean_rating]),
            "scale": np.array(self.scale),
            "implicit": self.implicit,
            "basis": self.basis,
            **vars(self.samples),
        }

    def restore(self, state: State) -> None:
        """Take over the samples."""
        self.mean_rating = float(state["mean_rating"][0])
        low, high = state["scale"].tolist()
        self.scale = (low, high)
        self.implicit, self.basis = state["implicit"], state["basis"]
        self._take(Samples(*(state[name] for name in ("movies", "weights", "mean", "precision", "noise"))))

    def _take(self, samples: Samples) -> None:
        self.samples = samples
        self._design = Design.of(samples.movies)
        self._movie_bias = samples.movies[..., 0].mean(axis=1)  # (movies,)

    def _sample(self, data: Dataset, ratings: AnyFloats) -> Samples:
        """Run the chain on ratings (entries,) less their mean."""
        c = self.config
        rng = np.random.default_rng(c.seed)
        user, movie = data.ratings.user, data.ratings.movie
        of_users = list(make_buckets(user, movie, ratings, data.n_users, data.n_movies))
        of_movies = list(make_buckets(movie, user, ratings, data.n_movies, data.n_users))
        users = FactorSide(
            of_users, implicit_features(data.histories, data.n_movies, self.implicit), c.embedding_dim + 1, rng
        )
        movies = FactorSide(of_movies, movie_features(data.movies), c.embedding_dim + 1, rng)
        unrated = data.counts == 0
        noise = 1.0
        samples: list[Samples] = []
        for sweep in track(range(1, c.burn_in + c.samples * c.thin + 1), "sampling"):
            users.sample(movies.rows, noise, rng)
            squares = movies.sample(users.rows, noise, rng)
            noise = draw_noise_precision(squares, len(ratings), rng)
            if sweep > c.burn_in and (sweep - c.burn_in) % c.thin == 0:
                # Nothing depends on a movie without ratings, so its mean may stand for the sample of it.
                rows = np.where(unrated[:, None], movies.prior.row_means(), movies.rows)
                prior = users.prior
                samples.append(Samples(rows, prior.weights, prior.mean, prior.precision, np.array(noise)))
        stacked = (np.stack([getattr(sample, name) for sample in samples]) for name in ("mean", "precision", "noise"))
        return Samples(
            np.stack([sample.movies for sample in samples], axis=1),
            np.stack([sample.weights for sample in samples], axis=1),
            *stacked,
        )

    def _users(self, histories: Histories) -> Floats32:
        """Return the posterior mean of each user's bias and factors, given each sample: (n, S, width)."""
        _, n_samples, width = self.samples.movies.shape
        users = np.zeros((len(histories), n_samples, width), dtype=np.float32)
        with _BLAS.limit(limits=1, user_api="blas"):
            for rows, means, _ in self._posteriors(histories.without_gaps()):
                users[rows] = means
        return users

    def _posteriors(self, histories: Histories) -> Iterator[tuple[AnyRows, AnyFloats, AnyFloats]]:
        """Yield the users' posteriors: rows (b,), means (b, S, width), precisions (b or 1, S, width, width)."""
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
        for bucket in make_buckets(histories.owner, histories.movies, ratings, len(histories), n_movies, most_entries):
            gram, cross, _ = self._design.equations(bucket)
            target = noise * cross + (means[bucket.rows][:, :, None] @ s.precision)[:, :, 0]
            precision = noise[..., None] * gram + s.precision
            yield bucket.rows, np.linalg.solve(precision, target[..., None])[..., 0], precision


def implicit_features(histories: Histories, n_movies: int, columns: AnyRows) -> Matrix:
    """Return 1 / sqrt(movies in the history) for each of its movies among `columns`: (n, columns)."""
    weights = np.repeat(1 / np.sqrt(np.maximum(histories.lengths, 1)), histories.lengths)
    features = user_movie_matrix(histories, n_movies, weights)
    return features if len(columns) == n_movies else Matrix(features[:, columns])


def movie_features(movies: pl.DataFrame) -> Matrix:
    """Return genres, and the one-hot decade with a column for unknown years: (movies, features)."""
    genres, _ = genre_vectors(movies)
    decade = movies["year"].fill_null(0).to_numpy() // 10
    return Matrix(np.hstack([genres, decade[:, None] == np.unique(decade)]).astype(np.float32))


def shared_basis(factors: Floats32, d: int) -> Floats32:
    """Return the d principal directions (S * f, d) of factors (movies, S, f), all samples side by side."""
    flat = _flat(factors)
    size = flat.shape[1]
    _, vectors = linalg.eigh(flat.T @ flat, subset_by_index=[size - d, size - 1], check_finite=False)
    return np.ascontiguousarray(vectors[:, ::-1])


def _flat(samples: Floats32) -> Floats32:
    """Flatten the last two axes: (n, S, width) -> (n, S * width)."""
    return samples.reshape(len(samples), -1)
