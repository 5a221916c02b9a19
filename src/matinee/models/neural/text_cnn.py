"""`text_cnn`: user attributes, and a movie's genres and title, as two vectors whose product is a rating.

A network of many tutorials on MovieLens 1M (first by chengstone, "movie_recommender", for TensorFlow). Users: id,
gender, age and occupation. Movies: id, genres, and the title by a convolution over words, after Kim, "Convolutional
neural networks for sentence classification", EMNLP 2014.

The tutorials' network has faults. Each is a setting here, and the recipe `text_cnn-as-written` has all of them: its
convolutions are in a plain list, which the optimiser never sees (`convolutions="random"`); dropout stays on while
scoring (`dropout_at_scoring`); six features of different kinds share one normalisation (`shared_batch_norm`); and
without biases it has to learn that ratings are about 3.6 (`biases`).
"""

from types import MappingProxyType
from typing import Literal

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from matinee.data.dataset import Dataset
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
from matinee.training.loop import TrainingConfig

_WINDOWS = (2, 3, 4, 5)  # words in the window of a convolution


class TextCNNConfig(RatingNetworkConfig):
    """Settings of `text_cnn`."""

    title_length: int = Field(default=15, ge=max(_WINDOWS), description="words of a title")
    filters: int = Field(default=8, ge=1, description="filters for each window of words")
    convolutions: Literal["learned", "random"] = Field(
        default="learned", description="`learned`, or `random`: never trained"
    )
    dropout: float = Field(default=0.5, ge=0, lt=1, description="dropout after the convolutions")
    dropout_at_scoring: bool = Field(default=False, description="keep dropout on while scoring")
    shared_batch_norm: bool = Field(default=False, description="normalise all six features with one layer")
    training: TrainingConfig = Field(
        default=TrainingConfig(epochs=40, patience=3, batch_size=4096, lr=2e-3), description="the training loop"
    )


class TitleCNN(nn.Module):
    """Convolutions over windows of words, and the maximum of each filter over the title."""

    def __init__(self, n_words: int, config: TextCNNConfig):
        super().__init__()
        d = config.embedding_dim
        self.words = nn.Embedding(n_words + 1, d, padding_idx=PADDING)
        self.convolutions = nn.ModuleList(nn.Conv1d(d, config.filters, window) for window in _WINDOWS)
        self.convolutions.requires_grad_(config.convolutions == "learned")
        self.dropout, self.dropout_at_scoring = config.dropout, config.dropout_at_scoring

    def forward(self, titles: Tensor) -> Tensor:
        """Map titles to vectors: (n, words) -> (n, 4 * filters)."""
        words = self.words(titles).transpose(1, 2)  # (n, d, words)
        maxima = [F.relu(convolution(words).amax(-1)) for convolution in self.convolutions]  # 4 x (n, filters)
        joined = torch.cat(maxima, dim=1)  # (n, 4 * filters)
        return F.dropout(joined, self.dropout, training=self.training or self.dropout_at_scoring)


class Dense(nn.Module):
    """A linear layer with ReLU, optionally normalised."""

    def __init__(self, width: int, width_out: int, norm: nn.Module | None):
        super().__init__()
        self.linear, self.norm = nn.Linear(width, width_out), norm

    def forward(self, x: Tensor) -> Tensor:
        """Map (n, width) to (n, width_out)."""
        x = F.relu(self.linear(x))  # (n, width_out)
        return x if self.norm is None else self.norm(x[:, None])[:, 0]  # one mean and deviation for all columns


class TextUserTower(nn.Module):
    """A network from id, gender, age and occupation to a vector."""

    def __init__(self, sizes: tuple[int, ...], config: TextCNNConfig, norm: nn.Module | None):
        super().__init__()
        d = config.embedding_dim
        widths = (d, d // 2, d // 2, d // 2)
        self.embeddings = nn.ModuleList(nn.Embedding(*shape) for shape in zip(sizes, widths, strict=True))
        self.dense = nn.ModuleList(Dense(width, d, norm) for width in widths)
        self.join = nn.Linear(4 * d, config.output_dim)

    def forward(self, codes: Tensor) -> Tensor:
        """Map codes to vectors: (n, 4) -> (n, d)."""
        parts = zip(self.dense, self.embeddings, codes.T, strict=True)
        features_of_user = torch.cat(
            [dense(embedding(code)) for dense, embedding, code in parts], dim=1
        )  # (n, 4 * embedding)
        return torch.tanh(self.join(features_of_user))  # (n, d)


class TextMovieTower(nn.Module):
    """A network from id, genres and title to a vector."""

    words: Tensor
    genres: Tensor

    def __init__(self, features: Features, config: TextCNNConfig, norm: nn.Module | None):
        super().__init__()
        self.register_buffer("words", features["words"])  # (movies, title_length)
        self.register_buffer("genres", features["genres"])  # (movies, genres)
        d = config.embedding_dim
        self.ids = nn.Embedding(len(self.words), d)
        self.genre = nn.Embedding(self.genres.shape[1], d)
        self.id_dense, self.genre_dense = Dense(d, d, norm), Dense(d, d, norm)
        self.title = TitleCNN(int(self.words.max()), config)
        self.join = nn.Linear(2 * d + len(_WINDOWS) * config.filters, config.output_dim)

    def forward(self, movies: Tensor) -> Tensor:
        """Map movie rows to vectors: (n,) -> (n, d)."""
        genres = self.genres[movies].to(self.genre.weight.dtype) @ self.genre.weight  # (n, embedding): a sum
        parts = self.id_dense(self.ids(movies)), self.genre_dense(genres), self.title(self.words[movies].long())
        return torch.tanh(self.join(torch.cat(parts, dim=1)))  # (n, d)


class TextCNN(RatingNetwork):
    """Ratings as the product of a user's and a movie's vector, plus biases."""

    name = "text_cnn"
    description = "ratings from user attributes, and a movie's genres and title read by a convolution"
    config_class = TextCNNConfig
    small_settings = MappingProxyType(SMALL_SETTINGS)
    config: TextCNNConfig  # pyright: ignore[reportIncompatibleVariableOverride]

    def build_features(self, train: Dataset) -> Features:
        """Return words and genres of each movie."""
        return words_and_genres(train.movies, self.config.title_length)

    def features_of_state(self, state: State) -> Features:
        """Return the same from the movie tower."""
        return {name: torch.from_numpy(state[f"movie_tower.{name}"]) for name in ("words", "genres")}

    def build_rating_module(self, features: Features, attributes: Tensor, biases: Biases | None) -> RatingModule:
        """Build both towers."""
        c = self.config
        norm = nn.BatchNorm1d(1) if c.shared_batch_norm else None
        towers = (
            TextUserTower((self.n_users + 1, *self.user_vocabulary.sizes), c, norm),
            TextMovieTower(features, c, norm),
        )
        gain = 1.0 if biases is None else c.output_dim**-0.5
        return RatingModule(towers, biases, attributes, gain, c.unknown_share)
