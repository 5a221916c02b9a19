"""The two branches of `hybrid`, and its training: content learns to predict the vectors of the ratings."""

from abc import ABC, abstractmethod
from typing import Literal

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from matinee.models.recommender import Config
from matinee.training.loop import TrainingConfig


class HybridConfig(Config):
    """Settings of `hybrid`."""

    objective: Literal["ratings", "votes"] = Field(
        default="ratings", description="`ratings`, or `votes`: the tutorial's, from TMDB's votes alone"
    )
    embedding_dim: int = Field(default=48, ge=1, description="size of the vectors of both branches")
    tempering: float = Field(default=0.25, ge=0, lt=1, description="how far popular movies are scaled down")
    prior: float = Field(default=20.0, gt=0, description="ratings that a movie's content is worth")
    lift: float = Field(default=2.0, gt=0, description="factor on vectors predicted from content, which are too short")
    text_dim: int = Field(default=100, ge=1, description="size of the vectors of overviews")
    names_dim: int = Field(
        default=128, ge=1, description="size of the vectors of directors, writers, cast and countries, each"
    )
    hidden_dims: tuple[int, ...] = Field(default=(512,), description="sizes of the layers of the content branch")
    layer_norm: bool = Field(default=False, description="normalise after each of these layers")
    dropout: float = Field(default=0.5, ge=0, lt=1, description="dropout of these layers")
    input_dropout: float = Field(default=0.3, ge=0, lt=1, description="dropout of the features")
    alignment: float = Field(default=0.1, ge=0, description="weight of 1 - cosine of the two branches in the loss")
    held_out: float = Field(default=0.05, ge=0, lt=1, description="share of the movies that chooses the epoch")
    training: TrainingConfig = Field(
        default=TrainingConfig(
            epochs=40,
            batch_size=256,
            optimiser="adamw",
            lr=1e-3,
            weight_decay=1e-2,
            schedule="cosine",
            clip_norm=1.0,
        ),
        description="the training loop",
    )


class ContentBranch(nn.Module):
    """A network from the features of a movie to its vector."""

    def __init__(self, n_features: int, width: int, config: HybridConfig):
        super().__init__()
        layers: list[nn.Module] = [nn.Dropout(config.input_dropout)]
        for size in config.hidden_dims:
            layers.append(nn.Linear(n_features, size))
            if config.layer_norm:
                layers.append(nn.LayerNorm(size))
            layers += [nn.GELU(), nn.Dropout(config.dropout)]
            n_features = size
        self.layers = nn.Sequential(*layers, nn.Linear(n_features, width))

    def forward(self, features: Tensor) -> Tensor:
        """Map features to vectors: (batch, features) -> (batch, width)."""
        return self.layers(features)


class HybridModule(nn.Module, ABC):
    """Both branches, and after training the vectors for scores and similarities.

    Features and targets are not part of the state: after `set_vectors`, only the vectors are needed.
    """

    features: Tensor  # (movies, features)
    content: Tensor  # (movies, width) from the content branch
    cf: Tensor  # (movies, width) from the collaborative branch
    movies: Tensor  # (movies, d) vectors for products with users
    entries: Tensor  # (movies, d) summands of a user's vector, one per rated movie
    empty_user: Tensor  # (d,) the vector of a user who has none

    def __init__(self, features: Tensor, width: int, d: int, config: HybridConfig):
        super().__init__()
        n = len(features)
        self.alignment = config.alignment
        self.content_branch = ContentBranch(features.shape[1], width, config)
        self.register_buffer("features", features, persistent=False)
        for name, shape in {
            "content": (n, width),
            "cf": (n, width),
            "movies": (n, d),
            "entries": (n, d),
            "empty_user": (d,),
        }.items():
            self.register_buffer(name, torch.zeros(shape))

    def loss(self, batch: tuple[Tensor, ...]) -> dict[str, Tensor]:
        """Return the squared error at these movies, plus `alignment` times 1 - cosine of their two vectors."""
        (rows,) = batch
        content, cf = self.content_branch(self.features[rows]), self.collaborative(rows)  # (batch, width) each
        error = self.error(rows, content, cf)
        alignment = (1 - F.cosine_similarity(content, cf)).mean()
        return {"loss": error + self.alignment * alignment, "train MSE": error, "alignment": alignment}

    def held_out_error(self, rows: Tensor) -> float:
        """Return the mean squared error at movies that were held out."""
        rows = rows.to(self.features.device)
        return float(self.error(rows, self.content_branch(self.features[rows]), self.collaborative(rows)))

    @abstractmethod
    def collaborative(self, rows: Tensor) -> Tensor:
        """Return vectors of the collaborative branch: (batch,) -> (batch, width)."""

    @abstractmethod
    def error(self, rows: Tensor, content: Tensor, cf: Tensor) -> Tensor:
        """Return the mean squared error of the prediction: (batch,), 2 x (batch, width) -> scalar."""

    @abstractmethod
    def set_vectors(self) -> None:
        """Compute the vectors after training."""


class RatingsModule(HybridModule):
    """The form for ratings: the content branch learns the collaborative vectors of movies.

    The collaborative branch is solved in closed form: factors of the ratings. A movie's vector is a mean of both
    branches that is weighted by its number of ratings. Vectors from content alone are too short, as regressions predict
    less than the full variance, so they would rank behind nearly every rated movie. They are scaled by `lift`.
    """

    factors: Tensor  # (movies, width)
    trust: Tensor  # (movies, 1) ratings / (ratings + prior)
    folding: Tensor  # (movies, width) of a movie's entry in a history
    users: Tensor  # (movies,) share of histories that a movie is in

    def __init__(self, features: Tensor, width: int, config: HybridConfig):
        super().__init__(features, width, width, config)
        n, self.lift = len(features), config.lift
        for name, shape in {"factors": (n, width), "trust": (n, 1), "folding": (n, width), "users": (n,)}.items():
            self.register_buffer(name, torch.zeros(shape), persistent=False)

    def collaborative(self, rows: Tensor) -> Tensor:
        """Return the factors of the ratings."""
        return self.factors[rows]

    def error(self, rows: Tensor, content: Tensor, cf: Tensor) -> Tensor:
        """Return the squared error of the content branch."""
        return F.mse_loss(content, cf)

    def set_vectors(self) -> None:
        """Compute every movie's mean of collaborative vector and content."""
        self.content = self.content_branch(self.features)  # (movies, width)
        self.cf = self.trust * self.factors + (1 - self.trust) * self.lift * self.content
        self.movies = self.cf
        self.entries = self.folding * self.cf
        self.empty_user = self.users @ self.entries  # (width,) the mean of all users
