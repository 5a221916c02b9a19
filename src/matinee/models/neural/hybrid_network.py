"""The two branches of `hybrid`, and how the mended one is trained: content learns to stand in for the ratings."""

from abc import ABC, abstractmethod
from typing import Literal

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from matinee.models.recommender import Config
from matinee.training.config import TrainingConfig


class HybridConfig(Config):
    """Settings of `hybrid`."""

    objective: Literal["ratings", "votes"] = "ratings"  # votes: the tutorial as written, from TMDB's votes alone
    width: int = Field(default=48, ge=1)  # of both branches
    tempering: float = Field(default=0.25, ge=0, lt=1)  # how far famous movies are scaled down, for ratings
    prior: float = Field(default=20.0, gt=0)  # ratings that a movie's content is worth beside its own
    lift: float = Field(default=2.0, gt=0)  # of the vectors that content foretells, which are always too cautious
    text_width: int = Field(default=100, ge=1)  # of overviews
    people_width: int = Field(default=128, ge=1)  # of directors, writers, cast and countries, each
    hidden: tuple[int, ...] = (512,)  # layers of the content branch
    layer_norm: bool = False  # after each of them
    dropout: float = Field(default=0.5, ge=0, lt=1)  # of them
    input_dropout: float = Field(default=0.3, ge=0, lt=1)  # of the features
    alignment: float = Field(default=0.1, ge=0)  # weight of 1 - cosine of the two branches
    held_out: float = Field(default=0.05, ge=0, lt=1)  # share of the movies that the epoch is chosen by
    training: TrainingConfig = TrainingConfig(
        epochs=40,
        batch_size=256,
        optimiser="adamw",
        learning_rate=1e-3,
        weight_decay=1e-2,
        schedule="cosine",
        clip_norm=1.0,
    )


class ContentBranch(nn.Module):
    """What is known of a movie -> a vector."""

    def __init__(self, n_features: int, width: int, config: HybridConfig):
        super().__init__()
        layers: list[nn.Module] = [nn.Dropout(config.input_dropout)]
        for size in config.hidden:
            layers.append(nn.Linear(n_features, size))
            if config.layer_norm:
                layers.append(nn.LayerNorm(size))
            layers += [nn.GELU(), nn.Dropout(config.dropout)]
            n_features = size
        self.layers = nn.Sequential(*layers, nn.Linear(n_features, width))

    def forward(self, features: Tensor) -> Tensor:
        """(batch, features) -> (batch, width)."""
        return self.layers(features)


class HybridModule(nn.Module, ABC):
    """Both branches, and the vectors that scores and likeness are made from once it is trained.

    Features and targets are not part of the state: after `settle`, the vectors say all there is to say.
    """

    features: Tensor  # (movies, features)
    content: Tensor  # (movies, width) by the content branch
    cf: Tensor  # (movies, width) by the collaborative branch
    movies: Tensor  # (movies, d) what a user's vector is multiplied with
    entries: Tensor  # (movies, d) what a movie adds to the vector of a user who has it
    nobody: Tensor  # (d,) the vector of a user who has none

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
            "nobody": (d,),
        }.items():
            self.register_buffer(name, torch.zeros(shape))

    def loss(self, batch: tuple[Tensor, ...]) -> dict[str, Tensor]:
        """Squared error at these movies, plus a share of 1 - the cosine of their two vectors."""
        (rows,) = batch
        content, cf = self.content_branch(self.features[rows]), self.collaborative(rows)  # (batch, width) each
        error = self.error(rows, content, cf)
        alignment = (1 - F.cosine_similarity(content, cf)).mean()
        return {"loss": error + self.alignment * alignment, "train MSE": error, "alignment": alignment}

    def held_out_error(self, rows: Tensor) -> float:
        """Mean squared error at movies that were not trained on."""
        rows = rows.to(self.features.device)
        return float(self.error(rows, self.content_branch(self.features[rows]), self.collaborative(rows)))

    @abstractmethod
    def collaborative(self, rows: Tensor) -> Tensor:
        """The collaborative branch: (batch,) -> (batch, width)."""

    @abstractmethod
    def error(self, rows: Tensor, content: Tensor, cf: Tensor) -> Tensor:
        """Mean squared error of what is predicted: (batch,), 2 x (batch, width) -> scalar."""

    @abstractmethod
    def settle(self) -> None:
        """Set the vectors, when training is over."""


class RatingsModule(HybridModule):
    """The mended form: the content branch learns the vector that a movie's raters give it.

    The collaborative branch is solved, not trained: factors of the ratings, in closed form. A movie stands where its
    raters put it as far as there are raters, and where its content puts it as far as there are none. There, it would
    rank behind nearly every rated movie, since a regression foretells less than it has seen; so it is lifted.
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
        """Factors of the ratings."""
        return self.factors[rows]

    def error(self, rows: Tensor, content: Tensor, cf: Tensor) -> Tensor:
        """How far the content branch is from them."""
        return F.mse_loss(content, cf)

    def settle(self) -> None:
        """Place every movie, between its raters and its content."""
        self.content = self.content_branch(self.features)  # (movies, width)
        self.cf = self.trust * self.factors + (1 - self.trust) * self.lift * self.content
        self.movies = self.cf
        self.entries = self.folding * self.cf
        self.nobody = self.users @ self.entries  # (width,) the mean of all users
