"""How well are movies without ratings ranked?"""

from typing import Self

import numpy as np
from scipy import linalg, sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from benchmarks.harness import ml_1m, movie_table, record, tmdb_catalogue
from matinee.arrays import Scores
from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.data.linking.catalogue_join import join_catalogue
from matinee.data.splits import Split, make_split
from matinee.evaluation.evaluate import PerUserMetrics
from matinee.evaluation.intervals import Bootstrap, sign_flip_p_values
from matinee.evaluation.metrics import accuracy
from matinee.evaluation.ranking import rank_targets
from matinee.evaluation.resources import ResourceMeter
from matinee.features.facts import genre_vectors
from matinee.models.linear.sparse import user_movie_matrix
from matinee.models.neural.hybrid import Hybrid
from matinee.models.recommender import Recommender, State, with_validation
from matinee.models.registry import make

K = 10
NEIGHBOURS = 20
RIDGES = (1.0, 3.0, 10.0, 30.0)


def run() -> None:
    """Rank hidden movies of MovieLens 1M, joined with TMDB and the movie table, among themselves and among all."""
    data = ml_1m()
    joined = join_catalogue(join_catalogue(data, tmdb_catalogue().movies)[0], movie_table())[0]
    split, split_without_facts = make_split(joined, "cold-movies:0.1"), make_split(data, "cold-movies:0.1")
    ridge = _best_ridge(split)
    models: dict[str, tuple[Recommender, Split]] = {
        "random": (make("random"), split),
        "popularity by genre": (GenrePopularity(), split),
        "taste in genres": (GenreTaste(), split),
        "content neighbours": (ContentNeighbours(), split),
        "ridge to factors": (RidgeToFactors(ridge), split),
        "ridge to factors, for rated movies too": (RidgeToFactors(ridge, everywhere=True), split),
        "hybrid, from titles, years and genres": (Hybrid(), split_without_facts),
        "hybrid": (Hybrid(), split),
        "oracle: the popularity of the hidden movies": (Oracle(split.test), split),
    }
    figures: dict[str, PerUserMetrics] = {}
    results: dict[str, object] = {}
    bootstrap = Bootstrap(len(split.tested_users), seed=0)
    for name, (model, part) in models.items():
        with ResourceMeter() as fitting:
            model.fit(part.train, part.validation)
        figures[name] = _evaluate(model, part)
        figures_json = {metric: vars(bootstrap.figure(values)) for metric, values in figures[name].items()}
        results[name] = {**figures_json, "fit_seconds": round(fitting.seconds, 1)}
        print(name, results[name], flush=True)
    record(
        "cold_movies",
        f"MovieLens 1M, {int(split.hidden.sum())} movies hidden, from histories of the others: recall and NDCG at 10.",
        {
            "tested_users": len(split.tested_users),
            "ridge_chosen_on_validation": ridge,
            "models": results,
            "hybrid minus ridge": {
                metric: _compare(figures["hybrid"], figures["ridge to factors"], metric, bootstrap)
                for metric in figures["hybrid"]
            },
        },
    )


def _evaluate(model: Recommender, split: Split) -> PerUserMetrics:
    """Return recall and NDCG at 10 of each user, among the hidden movies alone and among all."""
    metrics_by_name: PerUserMetrics = {}
    for where, candidates in (("among hidden", split.hidden), ("among all", None)):
        ranking = rank_targets(model, split.histories, split.targets, K, candidates=candidates)
        metrics = accuracy(ranking, K)
        metrics_by_name |= {f"{name} {where}": metrics[name] for name in (f"recall@{K}", f"ndcg@{K}")}
    return metrics_by_name


def _compare(first: PerUserMetrics, second: PerUserMetrics, metric: str, bootstrap: Bootstrap) -> dict[str, float]:
    difference = first[metric].above - second[metric].above
    p = float(sign_flip_p_values(difference[None], seed=0)[0])
    return {**vars(bootstrap.difference(first[metric], second[metric])), "p": p}


def _best_ridge(split: Split) -> float:
    """Choose the ridge by recall of the validation movies, whose ratings are not learned from."""
    users = np.unique(split.validation.ratings.user)
    users = users[split.train.histories.lengths[users] > 0]
    hidden = split.validation.counts > 0
    past, targets = split.train.histories_of(users), split.validation.histories_of(users)

    def recall(ridge: float) -> float:
        model = RidgeToFactors(ridge).fit(split.train)
        metrics_by_name = accuracy(rank_targets(model, past, targets, K, candidates=hidden), K)[f"recall@{K}"]
        return float(metrics_by_name.above.mean())

    return max(RIDGES, key=recall)


class Fixed(Recommender):
    """A model with nothing to save."""

    def state(self) -> State:
        """Return no arrays."""
        return {}

    def restore(self, state: State) -> None:
        """Restore nothing."""


class GenrePopularity(Fixed):
    """The number of ratings of a movie; without ratings, the sum of the averages of its genres."""

    name, description = "genre_popularity", "popularity of the movie's genres"

    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        """Count ratings."""
        dataset = with_validation(train, validation)
        self.n_movies = dataset.n_movies
        genres, _ = genre_vectors(dataset.movies)
        rated = dataset.counts > 0
        of_genre = dataset.counts[rated] @ genres[rated] / np.maximum(genres[rated].sum(axis=0), 1)
        self.popularity = np.where(rated, dataset.counts, genres @ of_genre).astype(np.float32)
        return self

    def score(self, histories: Histories) -> Scores:
        """Return the same scores for all users."""
        return np.tile(self.popularity, (len(histories), 1))


class GenreTaste(Fixed):
    """The sum over a movie's genres of their share of the history, relative to their share of the catalogue."""

    name, description = "genre_taste", "share of the movie's genres in the history"

    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        """Count the genres of the catalogue."""
        self.n_movies = train.n_movies
        self.genres, _ = genre_vectors(train.movies)
        self.share = self.genres.sum(axis=0) / self.genres.sum()
        return self

    def score(self, histories: Histories) -> Scores:
        """Sum the ratios."""
        tastes = user_movie_matrix(histories, self.n_movies) @ self.genres
        tastes /= np.maximum(tastes.sum(axis=1, keepdims=True), 1)
        return (tastes / self.share) @ self.genres.T


class Oracle(Fixed):
    """The true popularity of the hidden movies: the upper limit of a list that is the same for all users."""

    name, description = "oracle", "number of ratings in the test part"

    def __init__(self, test: Dataset):
        super().__init__()
        self.test = test

    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        """Count ratings, those of the test part included."""
        self.n_movies = train.n_movies
        self.popularity = (with_validation(train, validation).counts + self.test.counts).astype(np.float32)
        return self

    def score(self, histories: Histories) -> Scores:
        """Return the same scores for all users."""
        return np.tile(self.popularity, (len(histories), 1))


class ContentNeighbours(Fixed):
    """The share of a movie's 20 most similar rated movies in the history, by the cosine of their contents."""

    name, description = "content_neighbours", "share of similar movies in the history"

    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        """Find the neighbours."""
        dataset = with_validation(train, validation)
        self.n_movies = dataset.n_movies
        content = _content(dataset)
        lengths = np.sqrt(np.asarray(content.multiply(content).sum(axis=1))).ravel()
        unit = sparse.csr_matrix(sparse.diags_array(1 / np.maximum(lengths, 1e-12)) @ content)
        cosines = (unit @ unit.T).toarray().astype(np.float32)
        cosines[np.diag_indices(self.n_movies)] = 0
        cosines[:, dataset.counts == 0] = 0
        least = -np.partition(-cosines, NEIGHBOURS, axis=1)[:, NEIGHBOURS]
        cosines[cosines <= least[:, None]] = 0
        self.neighbours = cosines / np.maximum(cosines.sum(axis=1, keepdims=True), 1e-12)
        return self

    def score(self, histories: Histories) -> Scores:
        """Sum the weighted shares."""
        return user_movie_matrix(histories, self.n_movies) @ self.neighbours.T


class RidgeToFactors(Fixed):
    """Factors of the ratings by alternating least squares, predicted from content for movies without ratings."""

    name, description = "ridge_to_factors", "factors of the ratings, predicted from content by ridge regression"

    def __init__(self, ridge: float, everywhere: bool = False):
        super().__init__()
        self.ridge, self.everywhere = ridge, everywhere

    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        """Factorise, then regress."""
        from implicit.als import AlternatingLeastSquares

        dataset = with_validation(train, validation)
        self.n_movies = dataset.n_movies
        self.als = AlternatingLeastSquares(factors=64, regularization=10.0, alpha=1.0, iterations=15, random_state=0)
        self.als.fit(user_movie_matrix(dataset.histories, dataset.n_movies), show_progress=False)
        rated = dataset.counts > 0
        factors = np.asarray(self.als.item_factors)
        content = _content(dataset)
        gram = (content[rated] @ content[rated].T).toarray() + self.ridge * np.eye(int(rated.sum()))
        predicted = content @ (content[rated].T @ linalg.solve(gram, factors[rated], assume_a="pos"))
        keep = rated[:, None] & (not self.everywhere)
        self.factors = np.where(keep, factors, predicted).astype(np.float32)
        return self

    def score(self, histories: Histories) -> Scores:
        """Return products with the factors of each user, solved from the history."""
        matrix = user_movie_matrix(histories, self.n_movies)
        users = self.als.recalculate_user(np.arange(len(histories)), matrix)
        return users @ self.factors.T


def _content(data: Dataset) -> sparse.csr_matrix:
    """Return genres, decade, and TF-IDF of the overviews: (movies, columns)."""
    movies = data.movies
    decade = movies["year"].fill_null(0).to_numpy() // 10
    decades = (decade[:, None] == np.unique(decade)).astype(np.float32)
    vectorizer = TfidfVectorizer(max_features=5000, stop_words="english", ngram_range=(1, 2))
    text = vectorizer.fit_transform(movies["overview"].fill_null("").to_list())
    return sparse.csr_matrix(sparse.hstack([genre_vectors(movies)[0], decades, text]))
