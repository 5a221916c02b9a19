"""`hybrid`: what a movie is about and who rated it, in one space, so that a movie nobody rated has a place.

Two branches after a tutorial on TMDB's catalogue, one from content and one collaborative, drawn together by an
alignment loss. There the collaborative branch never meets a user, and the target is computed from the inputs
(`objective="votes"`, in `hybrid_as_written`). Mended, it comes from ratings, and the content branch learns to do
without them, as in Volkovs, Yu and Poutanen, "DropoutNet: addressing cold start in recommender systems", NeurIPS 2017,
and van den Oord, Dieleman and Schrauwen, "Deep content-based music recommendation", NeurIPS 2013, whose squared
error to the factors of the ratings is used here.
"""

from typing import Self

import numpy as np
import numpy.typing as npt
import torch

from matinee.arrays import Embeddings, Indices, Scores
from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.features.content import as_written, content_of
from matinee.models.capabilities import By, unit
from matinee.models.linear.sparse import user_movie_matrix
from matinee.models.neural.hybrid_as_written import VotesModule, vote_targets
from matinee.models.neural.hybrid_network import HybridConfig, HybridModule, RatingsModule
from matinee.models.neural.neural_recommender import NeuralRecommender
from matinee.models.neural.pure_svd import rating_factors
from matinee.models.recommender import State, with_validation
from matinee.training.batches.rows import RowBatches
from matinee.training.loop import Validation


class Hybrid(NeuralRecommender):
    """Users and movies as vectors between what their ratings and what their contents say."""

    name = "hybrid"
    description = "who rated a movie and what it is about, joined; places movies that nobody rated"
    config_class = HybridConfig
    config: HybridConfig
    module: HybridModule  # pyright: ignore[reportIncompatibleVariableOverride]
    uses_validation = False  # epochs are chosen by held-out movies, so all ratings are learned from
    scores_new_movies = True
    needs = "it needs movies that somebody rated"

    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        """Train on both parts, choosing the epoch by a share of the movies that the content branch does not see.

        Raises `ProtocolError` if there is nothing to learn from, or, with `objective="votes"`, no votes.
        """
        super().fit(with_validation(train, validation))
        with torch.no_grad():
            self.module.settle()
        return self

    def unfitted_copy_for_all_data(self) -> Self:
        """An unfitted model that will train on all movies for as many epochs as this one found best."""
        fresh = super().unfitted_copy_for_all_data()
        return type(self)(fresh.config.model_copy(update={"held_out": 0.0}))

    def batches(self, train: Dataset) -> RowBatches:
        """Movies to learn from. Raises `ProtocolError` for a catalogue without votes, if they are the objective."""
        training = self.config.training
        return RowBatches(self._parted(train)[0], training.batch_size, training.seed)

    def build(self, train: Dataset) -> HybridModule:
        """A module with fresh weights, which holds the features and what is to be learned from them."""
        c = self.config
        if c.objective == "votes":
            features = torch.from_numpy(as_written(train.movies, c.text_width).values)
            module = VotesModule(features, c)
            module.targets = torch.from_numpy(vote_targets(train.movies)[0])
            return module
        features = torch.from_numpy(content_of(train.movies, c.text_width, c.people_width).values)
        factors = rating_factors(train.histories, train.n_movies, c.width, c.tempering)
        module = RatingsModule(features, factors.vectors.shape[1], c)
        counts = train.counts.astype(np.float32)
        module.factors = torch.from_numpy(factors.vectors)
        module.trust = torch.from_numpy(counts / (counts + c.prior))[:, None]
        module.folding = torch.from_numpy(factors.weights[:, None] * factors.folding)
        module.users = torch.from_numpy(counts / max(int((train.histories.lengths > 0).sum()), 1))
        return module

    def rebuild(self, state: State) -> HybridModule:
        """A module of as many features and as wide as in `state`."""
        first = next(name for name in state if name.startswith("content_branch") and name.endswith("weight"))
        features = torch.zeros(len(state["movies"]), state[first].shape[1])
        if self.config.objective == "votes":
            return VotesModule(features, self.config)
        return RatingsModule(features, state["content"].shape[1], self.config)

    def validation(self, train: Dataset, validation: Dataset | None) -> Validation | None:
        """The squared error at the held-out movies."""
        held_out = torch.from_numpy(self._parted(train)[1])
        if not len(held_out):
            return None
        return Validation("validation MSE", lambda: self.module.held_out_error(held_out), lower_is_better=True)

    def score(self, histories: Histories) -> Scores:
        """How near each movie is to what a history adds up to; to the average one's, where a history is empty."""
        self.require_fitted()
        return self.user_vectors(histories) @ self.movie_vectors().T

    def user_vectors(self, histories: Histories) -> Embeddings:
        """The people behind n histories: (n, d)."""
        self.require_fitted()
        vectors = user_movie_matrix(histories, self.n_movies) @ self.module.entries.numpy()  # (n, d)
        vectors[histories.lengths == 0] = self.module.nobody.numpy()
        return unit(vectors) if self.config.objective == "votes" else vectors

    def movie_vectors(self) -> Embeddings:
        """The catalogue, whose products with user vectors are scores: (movies, d)."""
        self.require_fitted()
        return self.module.movies.numpy()

    def similar(self, movies: npt.NDArray[np.int32]) -> Scores:
        """Cosines of both branches together."""
        return self.similar_by(movies, "hybrid")

    def similar_by(self, movies: npt.NDArray[np.int32], by: By) -> Scores:
        """Cosines of what the content branch, the collaborative branch or both say: (n,) -> (n, movies).

        Without ratings a movie's collaborative vector is the one that its content foretells.
        """
        self.require_fitted()
        content, cf = unit(self.module.content.numpy()), unit(self.module.cf.numpy())
        vectors = {"content": content, "cf": cf, "hybrid": unit(np.hstack([content, cf]))}[by]  # (movies, width or 2x)
        return vectors[movies] @ vectors.T

    def _parted(self, train: Dataset) -> tuple[Indices, Indices]:
        """The movies to learn from and those to choose the epoch by, drawn at random."""
        votes = self.config.objective == "votes"
        rows = vote_targets(train.movies)[1] if votes else np.flatnonzero(train.counts)
        order = np.random.default_rng(self.config.training.seed).permutation(len(rows))
        held_out = round(self.config.held_out * len(rows))
        return np.sort(rows[order[held_out:]]), np.sort(rows[order[:held_out]])
