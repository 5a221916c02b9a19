"""`text_cnn`: who somebody is and what a movie is called, as two vectors whose product is a rating.

A network of many tutorials on MovieLens 1M (first by chengstone, "movie_recommender", for TensorFlow). Users: id,
gender, age and occupation. Movies: id, genres, and the title by a convolution over words, after Kim, "Convolutional
neural networks for sentence classification", EMNLP 2014.

The tutorials' network has faults, each of which is a setting here, and all of which are in the recipe
`text_cnn-as-written`: its convolutions are in a plain list, which the optimiser never sees (`convolutions="random"`);
its dropout stays on when movies are scored (`dropout_at_scoring`); one normalisation is shared by six features of
different kinds (`shared_batch_norm`); and it has to learn from nothing that ratings are about 3.6 (`biases`).
"""

from typing import Literal

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from matinee.data.dataset import Dataset
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
from matinee.training.config import TrainingConfig

_WINDOWS = (2, 3, 4, 5)  # words that a convolution looks at


class TextCNNConfig(RatingNetworkConfig):
    """Settings of `text_cnn`."""

    title_length: int = Field(default=15, ge=max(_WINDOWS))  # words
    filters: int = Field(default=8, ge=1)  # for each window
    convolutions: Literal["learned", "random"] = "learned"
    dropout: float = Field(default=0.5, ge=0, lt=1)  # of what the convolutions found
    dropout_at_scoring: bool = False
    shared_batch_norm: bool = False
    training: TrainingConfig = TrainingConfig(epochs=40, patience=3, batch_size=4096, learning_rate=2e-3)


class TitleCNN(nn.Module):
    """Windows of words, and of each filter the strongest answer anywhere in the title."""

    def __init__(self, n_words: int, config: TextCNNConfig):
        super().__init__()
        d = config.embedding
        self.words = nn.Embedding(n_words + 1, d, padding_idx=PADDING)
        self.convolutions = nn.ModuleList(nn.Conv1d(d, config.filters, window) for window in _WINDOWS)
        self.convolutions.requires_grad_(config.convolutions == "learned")
        self.dropout, self.dropout_at_scoring = config.dropout, config.dropout_at_scoring

    def forward(self, titles: Tensor) -> Tensor:
        """(n, words) -> (n, 4 * filters)."""
        words = self.words(titles).transpose(1, 2)  # (n, d, words)
        strongest = [F.relu(one(words).amax(-1)) for one in self.convolutions]  # 4 x (n, filters)
        found = torch.cat(strongest, dim=1)  # (n, 4 * filters)
        return F.dropout(found, self.dropout, training=self.training or self.dropout_at_scoring)


class Dense(nn.Module):
    """A linear layer and what is positive of it, normalised if asked for."""

    def __init__(self, width: int, width_out: int, norm: nn.Module | None):
        super().__init__()
        self.linear, self.norm = nn.Linear(width, width_out), norm

    def forward(self, x: Tensor) -> Tensor:
        """(n, width) -> (n, width_out)."""
        x = F.relu(self.linear(x))  # (n, width_out)
        return x if self.norm is None else self.norm(x[:, None])[:, 0]  # one mean and deviation for all columns


class TextUserTower(nn.Module):
    """Id, gender, age and occupation -> a vector."""

    def __init__(self, sizes: tuple[int, ...], config: TextCNNConfig, norm: nn.Module | None):
        super().__init__()
        d = config.embedding
        widths = (d, d // 2, d // 2, d // 2)
        self.embeddings = nn.ModuleList(nn.Embedding(*shape) for shape in zip(sizes, widths, strict=True))
        self.dense = nn.ModuleList(Dense(width, d, norm) for width in widths)
        self.join = nn.Linear(4 * d, config.width)

    def forward(self, codes: Tensor) -> Tensor:
        """(n, 4) -> (n, d)."""
        parts = zip(self.dense, self.embeddings, codes.T, strict=True)
        known = torch.cat([dense(embedding(code)) for dense, embedding, code in parts], dim=1)  # (n, 4 * embedding)
        return torch.tanh(self.join(known))  # (n, d)


class TextMovieTower(nn.Module):
    """Id, genres and title -> a vector."""

    words: Tensor
    genres: Tensor

    def __init__(self, features: Features, config: TextCNNConfig, norm: nn.Module | None):
        super().__init__()
        self.register_buffer("words", features["words"])  # (movies, title_length)
        self.register_buffer("genres", features["genres"])  # (movies, genres)
        d = config.embedding
        self.ids = nn.Embedding(len(self.words), d)
        self.genre = nn.Embedding(self.genres.shape[1], d)
        self.id_dense, self.genre_dense = Dense(d, d, norm), Dense(d, d, norm)
        self.title = TitleCNN(int(self.words.max()), config)
        self.join = nn.Linear(2 * d + len(_WINDOWS) * config.filters, config.width)

    def forward(self, movies: Tensor) -> Tensor:
        """Rows (n,) -> (n, d)."""
        genres = self.genres[movies].to(self.genre.weight.dtype) @ self.genre.weight  # (n, embedding): a sum
        parts = self.id_dense(self.ids(movies)), self.genre_dense(genres), self.title(self.words[movies].long())
        return torch.tanh(self.join(torch.cat(parts, dim=1)))  # (n, d)


class TextCNN(RatingNetwork):
    """The product of a user's and a movie's vector, and their biases."""

    name = "text_cnn"
    description = "stars from who somebody is, and a movie's genres and title read by a convolution"
    config_class = TextCNNConfig
    config: TextCNNConfig  # pyright: ignore[reportIncompatibleVariableOverride]

    def features(self, train: Dataset) -> Features:
        """Words and genres of each movie."""
        return words_and_genres(train.movies, self.config.title_length)

    def saved_features(self, state: State) -> Features:
        """The same, from the movie tower."""
        return {name: torch.from_numpy(state[f"movie_tower.{name}"]) for name in ("words", "genres")}

    def assemble(self, features: Features, attributes: Tensor, biases: Biases | None) -> RatingModule:
        """Both towers."""
        c = self.config
        norm = nn.BatchNorm1d(1) if c.shared_batch_norm else None
        towers = (
            TextUserTower((self.n_users + 1, *self.users.sizes), c, norm),
            TextMovieTower(features, c, norm),
        )
        gain = 1.0 if biases is None else c.width**-0.5
        return RatingModule(towers, biases, attributes, gain, c.unknown_share)
