"""`poster_towers`: user attributes, and a movie's genres, title and poster, as two vectors whose product is a rating.

A tutorial's network: gender, age and occupation in one tower; genres, title and poster in the other; and the cosine of
the two, times five, as a rating. The tutorial runs it forward once and never trains it. It ignores the user's id
(`user_id`), it can predict minus five stars (`similarity="cosine"` without `biases` and not `bounded`), and it cannot
handle movies without a poster. The recipe `poster_towers-as-written` restores the first two faults.

The poster is read by the tutorial's own small network (`poster="cnn"`), by fixed descriptors (`"frozen"`,
features/poster_embedding.py), which takes a small part of the time, or not at all (`"none"`), to measure its value.
"""

from collections.abc import Sequence
from itertools import pairwise
from types import MappingProxyType
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
    SMALL_SETTINGS,
    Biases,
    Features,
    RatingModule,
    RatingNetwork,
    RatingNetworkConfig,
    words_and_genres,
)
from matinee.models.recommender import State
from matinee.training.batches.ratings import RatingBatches
from matinee.training.loop import TrainingConfig

_COSINE_GAIN = 5.0  # the tutorial's factor of the cosine
_CHANNELS = (3, 32, 32, 64)  # of the images between the convolutions


class PosterTowersConfig(RatingNetworkConfig):
    """Settings of `poster_towers`."""

    title_length: int = Field(default=15, ge=7, description="words of a title")
    user_id: bool = Field(default=True, description="use the id of a user")
    similarity: Literal["dot", "cosine"] = Field(default="dot", description="`dot`, or `cosine` times 5")
    poster: Literal["frozen", "cnn", "none"] = Field(
        default="frozen", description="`frozen` descriptors, a `cnn` that is trained, or `none`"
    )
    poster_size: int = Field(default=64, ge=8, description="height and width in pixels, for the cnn")
    posters_per_step: int = Field(default=64, ge=2, description="posters that go through the cnn in a training step")
    training: TrainingConfig = Field(
        default=TrainingConfig(epochs=40, patience=3, batch_size=4096, lr=2e-3), description="the training loop"
    )


class PosterUserTower(nn.Module):
    """The sum of vectors for gender, age, occupation and, if used, the id."""

    def __init__(self, sizes: Sequence[int], config: PosterTowersConfig):
        super().__init__()
        d = config.embedding_dim
        widths = (d, d // 2, d // 2, d // 2)
        parts = list(zip(sizes, widths, strict=True))[0 if config.user_id else 1 :]
        self.parts = nn.ModuleList(_user_part(n, width, config.output_dim) for n, width in parts)

    def forward(self, codes: Tensor) -> Tensor:
        """Map codes to vectors: (n, 4) -> (n, d)."""
        user_parts = codes.T[-len(self.parts) :]
        return torch.stack([part(code) for part, code in zip(self.parts, user_parts, strict=True)]).sum(0)  # (n, d)


def _user_part(n: int, width: int, width_out: int) -> nn.Module:
    return nn.Sequential(
        nn.Embedding(n, width), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, width_out), nn.Tanh()
    )


class TitleConvolution(nn.Module):
    """Two filters over three words each, shared by all dimensions of the word vectors; then the sum over words."""

    def __init__(self, n_words: int, width: int):
        super().__init__()
        self.words = nn.Embedding(n_words + 1, width, padding_idx=PADDING)
        self.first = nn.Conv2d(1, 1, kernel_size=(3, 1), stride=(2, 1))
        self.second = nn.Conv2d(1, 1, kernel_size=(3, 1))

    def forward(self, titles: Tensor) -> Tensor:
        """Map titles to vectors: (n, words) -> (n, width)."""
        words = self.words(titles)[:, None]  # (n, 1, 15, width)
        words = self.second(self.first(words))  # (n, 1, 7, width), (n, 1, 5, width)
        return F.relu(words.sum(dim=(1, 2)))  # (n, width)


class FrozenPosters(nn.Module):
    """Fixed descriptors of each poster, followed by one trained layer."""

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

    A batch of ratings has too many movies to compute all their posters. So in training a few random ones are computed,
    and the others use their last result (a memory bank: Wu et al., "Unsupervised feature learning via non-parametric
    instance discrimination", CVPR 2018).
    """

    pixels: Tensor
    bank: Tensor

    def __init__(self, pixels: Tensor, n_movies: int, width: int, per_step: int):
        super().__init__()
        # Not saved: a run can be passed on, posters may not be. The movies' vectors are saved instead.
        self.register_buffer("pixels", pixels, persistent=False)  # (movies, 3, size, size) uint8
        self.register_buffer("bank", torch.zeros(n_movies, width))
        self.per_step = per_step
        blocks = [_convolution(before, after) for before, after in pairwise(_CHANNELS)]
        self.network = nn.Sequential(*blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(_CHANNELS[-1], width))

    def forward(self, movies: Tensor) -> Tensor:
        """Rows (n,) -> (n, width)."""
        if not self.training:
            return self.compute(movies)
        sampled = torch.randperm(len(movies), device=movies.device)[: self.per_step]
        computed = self.compute(movies[sampled]).to(self.bank.dtype)  # (drawn, width)
        self.bank[movies[sampled]] = computed.detach()
        return self.bank[movies].index_copy(0, sampled, computed)  # (n, width)

    def compute(self, movies: Tensor) -> Tensor:
        """Rows (n,) -> (n, width)."""
        return self.network(self.pixels[movies] / 127.5 - 1)  # (n, 3, 64, 64), (n, 64, 8, 8), (n, 64), (n, width)


def _convolution(before: int, after: int) -> nn.Module:
    """Build a layer from (n, before, size, size) to (n, after, size / 2, size / 2)."""
    return nn.Sequential(
        nn.Conv2d(before, after, kernel_size=3, padding=1), nn.BatchNorm2d(after), nn.ReLU(), nn.MaxPool2d(2)
    )


class PosterMovieTower(nn.Module):
    """A network from genres, title and poster to a vector. A trained vector replaces missing posters."""

    words: Tensor
    genres: Tensor
    has_poster: Tensor

    def __init__(self, features: Features, config: PosterTowersConfig):
        super().__init__()
        self.register_buffer("words", features["words"])  # (movies, title_length)
        self.register_buffer("genres", features["genres"])  # (movies, genres)
        self.register_buffer("has_poster", features["has_poster"])  # (movies,) whether there is a poster
        d = config.embedding_dim
        self.genre, self.genre_dense = nn.Embedding(self.genres.shape[1], d), nn.Linear(d, d)
        self.title = TitleConvolution(int(self.words.max()), d)
        if config.poster == "cnn":
            self.posters = LearnedPosters(features["posters"], len(self.words), d, config.posters_per_step)
        else:
            self.posters = FrozenPosters(features["posters"], d)
        self.no_poster = nn.Parameter(torch.zeros(d))
        self.join = nn.Linear(3 * d, config.output_dim)

    def forward(self, movies: Tensor) -> Tensor:
        """Map movie rows to vectors: (n,) -> (n, d)."""
        genres = self.genres[movies].to(self.genre.weight.dtype) @ self.genre.weight  # (n, embedding): a sum
        genres = F.relu(self.genre_dense(genres))  # (n, embedding)
        title = self.title(self.words[movies].long())  # (n, embedding)
        poster = torch.where(self.has_poster[movies, None], self.posters(movies), self.no_poster)  # (n, embedding)
        return self.join(torch.cat([genres, title, poster], dim=1))  # (n, d)


class PosterTowers(RatingNetwork):
    """Ratings as the product of a user's and a movie's vector, plus biases."""

    name = "poster_towers"
    description = "ratings from user attributes, and a movie's genres, title and poster"
    config_class = PosterTowersConfig
    small_settings = MappingProxyType(SMALL_SETTINGS | {"poster": "none"})
    config: PosterTowersConfig  # pyright: ignore[reportIncompatibleVariableOverride]

    def make_batches(self, train: Dataset) -> RatingBatches:
        """Make batches of single ratings. Raises `ProtocolError` without ratings or posters."""
        if train.posters is None and self.config.poster != "none":
            raise ProtocolError(
                f"{self.name} needs posters, and {train.name} has none. "
                "Add a folder posters/ with <movie_id>.jpg beside its ratings."
            )
        return super().make_batches(train)

    def build_features(self, train: Dataset) -> Features:
        """Return words, genres and posters of each movie."""
        return words_and_genres(train.movies, self.config.title_length) | self._posters(train)

    def _posters(self, train: Dataset) -> dict[str, Tensor]:
        """Return the input for each poster, and whether there is one: (movies, ...), (movies,)."""
        if train.posters is None or self.config.poster == "none":
            no_posters = torch.zeros(train.n_movies, 1)
            return {"posters": no_posters, "has_poster": no_posters[:, 0].bool()}
        if self.config.poster == "cnn":
            size = self.config.poster_size
            posters = read_posters(train.movies, train.posters, (size, size))
            inputs = np.array(posters.pixels)  # into memory, as they are read many times
        else:
            posters = read_posters(train.movies, train.posters)
            inputs = frozen_embedding(posters).astype(np.float16)
        return {"posters": torch.from_numpy(inputs), "has_poster": torch.from_numpy(posters.has_poster)}

    def features_of_state(self, state: State) -> Features:
        """Return the same from the movie tower, without the posters of the cnn."""
        names = {"words": "words", "genres": "genres", "has_poster": "has_poster", "posters": "posters.vectors"}
        keys = {name: f"movie_tower.{key}" for name, key in names.items()}
        saved = {name: torch.from_numpy(state[key]) for name, key in keys.items() if key in state}
        return {"posters": torch.zeros(0, dtype=torch.uint8), **saved}

    def build_rating_module(self, features: Features, attributes: Tensor, biases: Biases | None) -> RatingModule:
        """Build both towers."""
        c = self.config
        cosine = c.similarity == "cosine"
        towers = PosterUserTower((self.n_users + 1, *self.user_vocabulary.sizes), c), PosterMovieTower(features, c)
        gain = _COSINE_GAIN if cosine else c.output_dim**-0.5
        return RatingModule(towers, biases, attributes, gain, c.unknown_share, cosine)
