"""`poster_towers`: who somebody is, and what a movie is called, is about and looks like on its poster.

A tutorial's network: gender, age and occupation in one tower; genres, title and poster in the other; and the cosine of
the two, times five, for a rating. There it is run forward once and never trained. It does not know who a user is
(`user_ids`), it can foretell minus five stars (`similarity="cosine"` without `biases` and not `bounded`), and it has no
place for a movie without a poster. The recipe `poster_towers-as-written` puts the first two back.

The poster is read by the tutorial's own small network (`poster="cnn"`); or by descriptors that are not learned
(`"frozen"`, features/poster_embedding.py), which takes a small part of the time; or not at all (`"none"`), to see what
it is worth.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

import numpy as np
import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from matinee.data.dataset import Dataset
from matinee.errors import ProtocolError
from matinee.features.poster_embedding import frozen_embedding
from matinee.features.posters import read_posters
from matinee.features.words import PADDING
from matinee.models.neural.rating_network import (
    Biases,
    Features,
    RatingModule,
    RatingNetwork,
    RatingNetworkConfig,
    words_and_genres,
)
from matinee.models.recommender import State
from matinee.training.batches.ratings import RatingBatches
from matinee.training.config import TrainingConfig

_TIMES = 5.0  # what the tutorial multiplies the cosine with
_CHANNELS = (3, 32, 32, 64)  # of the pictures between the convolutions


class PosterTowersConfig(RatingNetworkConfig):
    """Settings of `poster_towers`."""

    title_length: int = Field(default=15, ge=7)  # words
    user_ids: bool = True
    similarity: Literal["dot", "cosine"] = "dot"  # of the vectors; the cosine is multiplied by 5
    poster: Literal["frozen", "cnn", "none"] = "frozen"
    poster_size: int = Field(default=64, ge=8)  # pixels across and down, for the cnn
    posters_per_step: int = Field(default=64, ge=2)  # that go through the cnn anew, while it is trained
    training: TrainingConfig = TrainingConfig(epochs=40, patience=3, batch_size=4096, learning_rate=2e-3)


class PosterUserTower(nn.Module):
    """Gender, age and occupation, and perhaps the id -> the sum of a vector for each."""

    def __init__(self, sizes: Sequence[int], config: PosterTowersConfig):
        super().__init__()
        d = config.embedding
        widths = (d, d // 2, d // 2, d // 2)
        parts = list(zip(sizes, widths, strict=True))[0 if config.user_ids else 1 :]
        self.parts = nn.ModuleList(_user_part(n, width, config.width) for n, width in parts)

    def forward(self, codes: Tensor) -> Tensor:
        """(n, 4) -> (n, d)."""
        known = codes.T[-len(self.parts) :]
        return torch.stack([part(code) for part, code in zip(self.parts, known, strict=True)]).sum(0)  # (n, d)


def _user_part(n: int, width: int, width_out: int) -> nn.Module:
    return nn.Sequential(
        nn.Embedding(n, width), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, width_out), nn.Tanh()
    )


class TitleConvolution(nn.Module):
    """Two filters over three words each, the same for every number of a word's vector; then the sum over words."""

    def __init__(self, n_words: int, width: int):
        super().__init__()
        self.words = nn.Embedding(n_words + 1, width, padding_idx=PADDING)
        self.first = nn.Conv2d(1, 1, kernel_size=(3, 1), stride=(2, 1))
        self.second = nn.Conv2d(1, 1, kernel_size=(3, 1))

    def forward(self, titles: Tensor) -> Tensor:
        """(n, words) -> (n, width)."""
        words = self.words(titles)[:, None]  # (n, 1, 15, width)
        words = self.second(self.first(words))  # (n, 1, 7, width), (n, 1, 5, width)
        return F.relu(words.sum(dim=(1, 2)))  # (n, width)


class FrozenPosters(nn.Module):
    """Descriptors of each poster, and one layer that is learned."""

    vectors: Tensor

    def __init__(self, vectors: Tensor, width: int):
        super().__init__()
        self.register_buffer("vectors", vectors)  # (movies, 64)
        self.linear = nn.Linear(vectors.shape[1], width)

    def forward(self, movies: Tensor) -> Tensor:
        """Rows (n,) -> (n, width)."""
        return self.linear(self.vectors[movies].to(self.linear.weight.dtype))


class LearnedPosters(nn.Module):
    """Three convolutions over each poster.

    A batch of ratings has more movies than can be looked at in a moment. So in training a few of them, drawn at
    random, are looked at anew; for the others stands what was seen the last time (a memory bank: Wu et al.,
    "Unsupervised feature learning via non-parametric instance discrimination", CVPR 2018).
    """

    pixels: Tensor
    bank: Tensor

    def __init__(self, pixels: Tensor, n_movies: int, width: int, per_step: int):
        super().__init__()
        # Not saved: the movies' vectors are, and a run is to be passed on, which pictures may not be.
        self.register_buffer("pixels", pixels, persistent=False)  # (movies, 3, size, size) uint8
        self.register_buffer("bank", torch.zeros(n_movies, width))
        self.per_step = per_step
        blocks = [_convolution(before, after) for before, after in pairwise(_CHANNELS)]
        self.network = nn.Sequential(*blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(_CHANNELS[-1], width))

    def forward(self, movies: Tensor) -> Tensor:
        """Rows (n,) -> (n, width)."""
        if not self.training:
            return self.look(movies)
        drawn = torch.randperm(len(movies), device=movies.device)[: self.per_step]
        seen = self.look(movies[drawn]).to(self.bank.dtype)  # (drawn, width)
        self.bank[movies[drawn]] = seen.detach()
        return self.bank[movies].index_copy(0, drawn, seen)  # (n, width)

    def look(self, movies: Tensor) -> Tensor:
        """Rows (n,) -> (n, width)."""
        return self.network(self.pixels[movies] / 127.5 - 1)  # (n, 3, 64, 64), (n, 64, 8, 8), (n, 64), (n, width)


def _convolution(before: int, after: int) -> nn.Module:
    """(n, before, size, size) -> (n, after, size / 2, size / 2)."""
    return nn.Sequential(
        nn.Conv2d(before, after, kernel_size=3, padding=1), nn.BatchNorm2d(after), nn.ReLU(), nn.MaxPool2d(2)
    )


class PosterMovieTower(nn.Module):
    """Genres, title and poster -> a vector. A movie without a poster has a vector, learned, in its place."""

    words: Tensor
    genres: Tensor
    known: Tensor

    def __init__(self, features: Features, config: PosterTowersConfig):
        super().__init__()
        self.register_buffer("words", features["words"])  # (movies, title_length)
        self.register_buffer("genres", features["genres"])  # (movies, genres)
        self.register_buffer("known", features["known"])  # (movies,) whether there is a poster
        d = config.embedding
        self.genre, self.genre_dense = nn.Embedding(self.genres.shape[1], d), nn.Linear(d, d)
        self.title = TitleConvolution(int(self.words.max()), d)
        if config.poster == "cnn":
            self.posters = LearnedPosters(features["posters"], len(self.words), d, config.posters_per_step)
        else:
            self.posters = FrozenPosters(features["posters"], d)
        self.no_poster = nn.Parameter(torch.zeros(d))
        self.join = nn.Linear(3 * d, config.width)

    def forward(self, movies: Tensor) -> Tensor:
        """Rows (n,) -> (n, d)."""
        genres = self.genres[movies].to(self.genre.weight.dtype) @ self.genre.weight  # (n, embedding): a sum
        genres = F.relu(self.genre_dense(genres))  # (n, embedding)
        title = self.title(self.words[movies].long())  # (n, embedding)
        poster = torch.where(self.known[movies, None], self.posters(movies), self.no_poster)  # (n, embedding)
        return self.join(torch.cat([genres, title, poster], dim=1))  # (n, d)


class PosterTowers(RatingNetwork):
    """The product of a user's and a movie's vector, and their biases."""

    name = "poster_towers"
    description = "stars from who somebody is, and a movie's genres, title and poster"
    config_class = PosterTowersConfig
    config: PosterTowersConfig  # pyright: ignore[reportIncompatibleVariableOverride]

    def batches(self, train: Dataset) -> RatingBatches:
        """Single ratings. Raises `ProtocolError` without any, or without posters."""
        if train.posters is None and self.config.poster != "none":
            raise ProtocolError(
                f"{self.name} looks at posters, and {train.name} has none; "
                "expected a folder posters/ with <movie_id>.jpg beside its ratings"
            )
        return super().batches(train)

    def features(self, train: Dataset) -> Features:
        """Words, genres and posters of each movie."""
        return words_and_genres(train.movies, self.config.title_length) | self._posters(train)

    def _posters(self, train: Dataset) -> dict[str, Tensor]:
        """What is seen of each poster, and whether there is one: (movies, ...), (movies,)."""
        if train.posters is None or self.config.poster == "none":
            nothing = torch.zeros(train.n_movies, 1)
            return {"posters": nothing, "known": nothing[:, 0].bool()}
        if self.config.poster == "cnn":
            size = self.config.poster_size
            posters = read_posters(train.movies, train.posters, (size, size))
            seen = np.array(posters.pixels)  # into memory: they are looked at again and again
        else:
            posters = read_posters(train.movies, train.posters)
            seen = frozen_embedding(posters).astype(np.float16)
        return {"posters": torch.from_numpy(seen), "known": torch.from_numpy(posters.known)}

    def saved_features(self, state: State) -> Features:
        """The same, from the movie tower, without what the cnn looked at."""
        names = {"words": "words", "genres": "genres", "known": "known", "posters": "posters.vectors"}
        found = {name: f"movie_tower.{place}" for name, place in names.items()}
        saved = {name: torch.from_numpy(state[place]) for name, place in found.items() if place in state}
        return {"posters": torch.zeros(0, dtype=torch.uint8), **saved}

    def assemble(self, features: Features, attributes: Tensor, biases: Biases | None) -> RatingModule:
        """Both towers."""
        c = self.config
        cosine = c.similarity == "cosine"
        towers = PosterUserTower((self.n_users + 1, *self.users.sizes), c), PosterMovieTower(features, c)
        gain = _TIMES if cosine else c.width**-0.5
        return RatingModule(towers, biases, attributes, gain, c.unknown_share, cosine)
