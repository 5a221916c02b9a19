"""`hybrid`: content and ratings of a movie in one space, so that movies without ratings have vectors too.

Two branches after a tutorial on TMDB's catalogue, one from content and one collaborative, joined by an alignment loss.
In the tutorial the collaborative branch sees no users, and the target is computed from the inputs
(`objective="votes"`, in `hybrid_as_written`). Here the collaborative branch comes from ratings, and the content branch
learns to replace it, as in Volkovs, Yu and Poutanen, "DropoutNet: addressing cold start in recommender systems",
NeurIPS 2017, and van den Oord, Dieleman and Schrauwen, "Deep content-based music recommendation", NeurIPS 2013, whose
squared error to the factors of the ratings is used.
"""

from types import MappingProxyType
from typing import Self

import numpy as np
import torch

from matinee.arrays import Embeddings, Indices, MovieRows, Scores
from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.features.content import content_features, tutorial_features
from matinee.models.capabilities import SimilarityKind, unit_rows
from matinee.models.linear.sparse import user_movie_matrix
from matinee.models.neural.hybrid_as_written import VotesModule, vote_targets
from matinee.models.neural.hybrid_network import HybridConfig, HybridModule, RatingsModule
from matinee.models.neural.neural_recommender import NeuralRecommender
from matinee.models.neural.pure_svd import rating_factors
from matinee.models.recommender import State, with_validation
from matinee.training.batches.ratings import RowBatches
from matinee.training.loop import Validation


class Hybrid(NeuralRecommender):
    """Users and movies as vectors, from ratings and content."""

    name = "hybrid"
    description = "who rated a movie and what it is about, joined; scores movies without ratings"
    config_class = HybridConfig
    # With as many dimensions as movies, unrated movies would be orthogonal to all others.
    small_settings = MappingProxyType(
        {
            "embedding_dim": 2,
            "hidden_dims": [16],
            "dropout": 0.1,
            "input_dropout": 0.1,
            "training": {"epochs": 30, "batch_size": 8, "optimiser": "adamw", "lr": 0.01},
        }
    )
    config: HybridConfig
    module: HybridModule  # pyright: ignore[reportIncompatibleVariableOverride]
    uses_validation = False  # the epoch is chosen by held-out movies, so it learns from all ratings
    scores_new_movies = True
    data_needs = "it needs movies with ratings"

    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        """Train on both parts. The epoch is chosen by a share of the movies that is held out from the content branch.

        Raises `ProtocolError` if there is nothing to learn from, or, with `objective="votes"`, no votes.
        """
        super().fit(with_validation(train, validation))
        with torch.no_grad():
            self.module.set_vectors()
        return self

    def unfitted_copy_for_all_data(self) -> Self:
        """Make an unfitted model that trains on all movies for as many epochs as this one found best."""
        fresh = super().unfitted_copy_for_all_data()
        return type(self)(fresh.config.model_copy(update={"held_out": 0.0}))

    def make_batches(self, train: Dataset) -> RowBatches:
        """Make batches of movies. Raises `ProtocolError` for a catalogue without votes, if they are the objective."""
        training = self.config.training
        return RowBatches(self._split_movies(train)[0], training.batch_size, training.seed)

    def build_module(self, train: Dataset) -> HybridModule:
        """Build a module with initial weights, and with the features and targets."""
        c = self.config
        if c.objective == "votes":
            features = torch.from_numpy(tutorial_features(train.movies, c.text_dim).values)
            module = VotesModule(features, c)
            module.targets = torch.from_numpy(vote_targets(train.movies)[0])
            return module
        features = torch.from_numpy(content_features(train.movies, c.text_dim, c.names_dim).values)
        factors = rating_factors(train.histories, train.n_movies, c.embedding_dim, c.tempering)
        module = RatingsModule(features, factors.vectors.shape[1], c)
        counts = train.counts.astype(np.float32)
        module.factors = torch.from_numpy(factors.vectors)
        module.trust = torch.from_numpy(counts / (counts + c.prior))[:, None]
        module.folding = torch.from_numpy(factors.weights[:, None] * factors.folding)
        module.users = torch.from_numpy(counts / max(int((train.histories.lengths > 0).sum()), 1))
        return module

    def rebuild_module(self, state: State) -> HybridModule:
        """Build a module with the shapes of `state`."""
        first = next(name for name in state if name.startswith("content_branch") and name.endswith("weight"))
        features = torch.zeros(len(state["movies"]), state[first].shape[1])
        if self.config.objective == "votes":
            return VotesModule(features, self.config)
        return RatingsModule(features, state["content"].shape[1], self.config)

    def make_validation(self, train: Dataset, validation: Dataset | None) -> Validation | None:
        """Choose the squared error at the held-out movies, if there are any."""
        held_out = torch.from_numpy(self._split_movies(train)[1])
        if not len(held_out):
            return None
        return Validation("validation MSE", lambda: self.module.held_out_error(held_out), lower_is_better=True)

    def score(self, histories: Histories) -> Scores:
        """Return products of the vectors of users and movies. An empty history gets the mean user's vector."""
        self.require_fitted()
        return self.user_vectors(histories) @ self.movie_vectors().T

    def user_vectors(self, histories: Histories) -> Embeddings:
        """Return the vectors of the users of n histories: (n, d)."""
        self.require_fitted()
        vectors = user_movie_matrix(histories, self.n_movies) @ self.module.entries.numpy()  # (n, d)
        vectors[histories.lengths == 0] = self.module.empty_user.numpy()
        return unit_rows(vectors) if self.config.objective == "votes" else vectors

    def movie_vectors(self) -> Embeddings:
        """Return the vectors of the catalogue: (movies, d)."""
        self.require_fitted()
        return self.module.movies.numpy()

    def similar(self, movies: MovieRows) -> Scores:
        """Return cosines of both branches together."""
        return self.similar_by(movies, "hybrid")

    def similar_by(self, movies: MovieRows, by: SimilarityKind) -> Scores:
        """Return cosines of the content branch, the collaborative branch or both: (n,) -> (n, movies).

        The collaborative vector of a movie without ratings is predicted from its content.
        """
        self.require_fitted()
        content, cf = unit_rows(self.module.content.numpy()), unit_rows(self.module.cf.numpy())
        vectors = {"content": content, "cf": cf, "hybrid": unit_rows(np.hstack([content, cf]))}[
            by
        ]  # (movies, width or 2x)
        return vectors[movies] @ vectors.T

    def _split_movies(self, train: Dataset) -> tuple[Indices, Indices]:
        """Split the movies at random into those to train on and those to choose the epoch by."""
        votes = self.config.objective == "votes"
        rows = vote_targets(train.movies)[1] if votes else np.flatnonzero(train.counts)
        order = np.random.default_rng(self.config.training.seed).permutation(len(rows))
        held_out = round(self.config.held_out * len(rows))
        return np.sort(rows[order[held_out:]]), np.sort(rows[order[:held_out]])
