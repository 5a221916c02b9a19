"""How well are movies placed that nobody has rated yet?"""

from typing import Self

import numpy as np
from scipy import linalg, sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from benchmarks.measuring import film_table, ml_1m, record, tmdb_catalogue
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
from matinee.features.genres import genre_vectors
from matinee.models.linear.sparse import user_movie_matrix
from matinee.models.neural.hybrid import Hybrid
from matinee.models.recommender import Recommender, State, with_validation
from matinee.models.registry import make

K = 10
NEIGHBOURS = 20
RIDGES = (1.0, 3.0, 10.0, 30.0)


def run() -> None:
    """Hidden movies of MovieLens 1M joined with TMDB and the film table, among themselves and among all movies."""
    data = ml_1m()
    joined = join_catalogue(join_catalogue(data, tmdb_catalogue().movies)[0], film_table())[0]
    split, bare = make_split(joined, "cold-movies:0.1"), make_split(data, "cold-movies:0.1")
    ridge = _chosen_ridge(split)
    models: dict[str, tuple[Recommender, Split]] = {
        "random": (make("random"), split),
        "popularity by genre": (GenrePopularity(), split),
        "taste in genres": (GenreTaste(), split),
        "content neighbours": (ContentNeighbours(), split),
        "ridge to factors": (RidgeToFactors(ridge), split),
        "ridge to factors, for rated movies too": (RidgeToFactors(ridge, everywhere=True), split),
        "hybrid, from titles, years and genres": (Hybrid(), bare),
        "hybrid": (Hybrid(), split),
        "oracle: the popularity of the hidden movies": (Oracle(split.test), split),
    }
    figures: dict[str, PerUserMetrics] = {}
    answer: dict[str, object] = {}
    bootstrap = Bootstrap(len(split.tested_users), seed=0)
    for name, (model, part) in models.items():
        with ResourceMeter() as fitting:
            model.fit(part.train, part.validation)
        figures[name] = _judged(model, part)
        shown = {metric: vars(bootstrap.figure(values)) for metric, values in figures[name].items()}
        answer[name] = {**shown, "fit_seconds": round(fitting.seconds, 1)}
        print(name, answer[name], flush=True)
    record(
        "cold_movies",
        f"MovieLens 1M, {int(split.hidden.sum())} movies hidden, histories of the others given: recall and NDCG at 10.",
        {
            "tested_users": len(split.tested_users),
            "ridge_chosen_on_validation": ridge,
            "models": answer,
            "hybrid minus ridge": {
                metric: _compared(figures["hybrid"], figures["ridge to factors"], metric, bootstrap)
                for metric in figures["hybrid"]
            },
        },
    )


def _judged(model: Recommender, split: Split) -> PerUserMetrics:
    """Recall and NDCG at 10 of each user, among the hidden movies alone and among all."""
    found: PerUserMetrics = {}
    for where, candidates in (("among hidden", split.hidden), ("among all", None)):
        ranking = rank_targets(model, split.histories, split.targets, K, candidates=candidates)
        metrics = accuracy(ranking, K)
        found |= {f"{name} {where}": metrics[name] for name in (f"recall@{K}", f"ndcg@{K}")}
    return found


def _compared(one: PerUserMetrics, other: PerUserMetrics, metric: str, bootstrap: Bootstrap) -> dict[str, float]:
    difference = one[metric].above - other[metric].above
    p = float(sign_flip_p_values(difference[None], seed=0)[0])
    return {**vars(bootstrap.difference(one[metric], other[metric])), "p": p}


def _chosen_ridge(split: Split) -> float:
    """The ridge with which the validation movies, of which nobody's rating is learned from, are found best."""
    users = np.unique(split.validation.ratings.user)
    users = users[split.train.histories.lengths[users] > 0]
    hidden = split.validation.counts > 0
    past, targets = split.train.histories_of(users), split.validation.histories_of(users)

    def recall(ridge: float) -> float:
        model = RidgeToFactors(ridge).fit(split.train)
        found = accuracy(rank_targets(model, past, targets, K, candidates=hidden), K)[f"recall@{K}"]
        return float(found.above.mean())

    return max(RIDGES, key=recall)


class Fixed(Recommender):
    """What the models here share: nothing to save."""

    def state(self) -> State:
        """Nothing."""
        return {}

    def restore(self, state: State) -> None:
        """Nothing."""


class GenrePopularity(Fixed):
    """The sum of what a movie of each of its genres is rated on average; its own ratings, where it has some."""

    name, about = "genre_popularity", "how much a movie's genres are rated"

    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        """Count."""
        known = with_validation(train, validation)
        self.n_movies = known.n_movies
        genres, _ = genre_vectors(known.movies)
        rated = known.counts > 0
        of_genre = known.counts[rated] @ genres[rated] / np.maximum(genres[rated].sum(axis=0), 1)
        self.popularity = np.where(rated, known.counts, genres @ of_genre).astype(np.float32)
        return self

    def score(self, histories: Histories) -> Scores:
        """The same for everybody."""
        return np.tile(self.popularity, (len(histories), 1))


class GenreTaste(Fixed):
    """The sum, over a movie's genres, of a genre's share of the history over its share of the catalogue."""

    name, about = "genre_taste", "how much of a history is of a movie's genres"

    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        """Look at the catalogue's genres."""
        self.n_movies = train.n_movies
        self.genres, _ = genre_vectors(train.movies)
        self.share = self.genres.sum(axis=0) / self.genres.sum()
        return self

    def score(self, histories: Histories) -> Scores:
        """Sums of ratios."""
        wanted = user_movie_matrix(histories, self.n_movies) @ self.genres
        wanted /= np.maximum(wanted.sum(axis=1, keepdims=True), 1)
        return (wanted / self.share) @ self.genres.T


class Oracle(Fixed):
    """The popularity of the hidden movies, which nobody can know: what a list the same for all could reach at best."""

    name, about = "oracle", "the ratings that the test movies will have"

    def __init__(self, test: Dataset):
        super().__init__()
        self.test = test

    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        """Look at the test."""
        self.n_movies = train.n_movies
        self.popularity = (with_validation(train, validation).counts + self.test.counts).astype(np.float32)
        return self

    def score(self, histories: Histories) -> Scores:
        """The same for everybody."""
        return np.tile(self.popularity, (len(histories), 1))


class ContentNeighbours(Fixed):
    """The share of a movie's 20 nearest rated movies that a history holds, by the cosine of their contents."""

    name, about = "content_neighbours", "how many movies like it a history holds"

    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        """Find the neighbours."""
        known = with_validation(train, validation)
        self.n_movies = known.n_movies
        content = _described(known)
        lengths = np.sqrt(np.asarray(content.multiply(content).sum(axis=1))).ravel()
        unit = sparse.csr_matrix(sparse.diags_array(1 / np.maximum(lengths, 1e-12)) @ content)
        cosines = (unit @ unit.T).toarray().astype(np.float32)
        cosines[np.diag_indices(self.n_movies)] = 0
        cosines[:, known.counts == 0] = 0
        least = -np.partition(-cosines, NEIGHBOURS, axis=1)[:, NEIGHBOURS]
        cosines[cosines <= least[:, None]] = 0
        self.neighbours = cosines / np.maximum(cosines.sum(axis=1, keepdims=True), 1e-12)
        return self

    def score(self, histories: Histories) -> Scores:
        """Weighted shares."""
        return user_movie_matrix(histories, self.n_movies) @ self.neighbours.T


class RidgeToFactors(Fixed):
    """Factors of the ratings by alternating least squares, foretold from content where a movie has no ratings."""

    name, about = "ridge_to_factors", "factors of the ratings, foretold from content by ridge regression"

    def __init__(self, ridge: float, everywhere: bool = False):
        super().__init__()
        self.ridge, self.everywhere = ridge, everywhere

    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        """Factorise, then regress."""
        from implicit.als import AlternatingLeastSquares

        known = with_validation(train, validation)
        self.n_movies = known.n_movies
        self.als = AlternatingLeastSquares(factors=64, regularization=10.0, alpha=1.0, iterations=15, random_state=0)
        self.als.fit(user_movie_matrix(known.histories, known.n_movies), show_progress=False)
        rated = known.counts > 0
        factors = np.asarray(self.als.item_factors)
        content = _described(known)
        gram = (content[rated] @ content[rated].T).toarray() + self.ridge * np.eye(int(rated.sum()))
        foretold = content @ (content[rated].T @ linalg.solve(gram, factors[rated], assume_a="pos"))
        keep = rated[:, None] & (not self.everywhere)
        self.factors = np.where(keep, factors, foretold).astype(np.float32)
        return self

    def score(self, histories: Histories) -> Scores:
        """Products with the factors of each history's user, solved anew from the history."""
        matrix = user_movie_matrix(histories, self.n_movies)
        users = self.als.recalculate_user(np.arange(len(histories)), matrix)
        return users @ self.factors.T


def _described(data: Dataset) -> sparse.csr_matrix:
    """Genres, decade, and TF-IDF of the overviews: (movies, columns)."""
    movies = data.movies
    decade = movies["year"].fill_null(0).to_numpy() // 10
    decades = (decade[:, None] == np.unique(decade)).astype(np.float32)
    reader = TfidfVectorizer(max_features=5000, stop_words="english", ngram_range=(1, 2))
    words = reader.fit_transform(movies["overview"].fill_null("").to_list())
    return sparse.csr_matrix(sparse.hstack([genre_vectors(movies)[0], decades, words]))
