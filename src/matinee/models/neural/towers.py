"""Towers: small networks that turn the features of a user or movie into a vector."""

import torch
from torch import Tensor, nn

_MIN_NORM = 1e-12  # lower limit of a norm that a vector is divided by


class RecencyPool(nn.Module):
    """Weighted sums of the vectors of a past: the vector k steps back has weight 2^(-k / half-life).

    There is one sum for each of h half-lives, which are trained. Without half-lives there is a single sum with equal
    weights. The squares of the weights of a sum add up to 1. A mean of many movies would be nearly the same for all
    users, and a plain sum would grow with the past. Between them, as with n^-1/2 in Kabbur et al., "FISM", KDD 2013,
    the individual part is as large after many movies as after few.
    """

    def __init__(self, half_lives: tuple[float, ...]):
        super().__init__()
        self.sums = len(half_lives) or 1  # h
        self.log_half_life = nn.Parameter(torch.tensor(half_lives).log())  # (h,)

    def forward(self, x: Tensor) -> Tensor:
        """Return the sums up to and including each position: (batch, length, d) -> (batch, length, h * d)."""
        position = torch.arange(x.shape[1], device=x.device)
        weight = self._weight(position[:, None] - position)  # (h, length, length)
        sums = weight.flatten(0, 1) @ x  # (batch, h * length, d)
        return sums.unflatten(1, weight.shape[:2]).transpose(1, 2).flatten(2)  # (batch, length, h * d)

    def latest(self, x: Tensor, lengths: Tensor, real: Tensor) -> Tensor:
        """Return the sums of the first `lengths` (batch,): (batch, length, d) -> (batch, h * d), 0 for none.

        Where `real` (batch, length) is false a movie was removed; the age of the others stays.
        """
        position = torch.arange(x.shape[1], device=x.device)
        back = (lengths[:, None] - 1 - position).masked_fill(~real, -1)  # (batch, length)
        weight = self._weight(back)  # (h, batch, length)
        return (weight.transpose(0, 1) @ x).flatten(1)  # (batch, h * d)

    def _weight(self, back: Tensor) -> Tensor:
        """Return weights of vectors by steps back; 0 for negative steps: (n, m) -> (h, n, m)."""
        rate = torch.exp(-self.log_half_life) if len(self.log_half_life) else back.new_zeros(1, dtype=torch.float32)
        weight = torch.exp2(-rate[:, None, None] * back.clamp(min=0)) * (back >= 0)  # (h, n, m)
        return divide_by_norm(weight, 1)


class UserTower(nn.Module):
    """The sum of vectors for the id, the attributes and the past of a user, followed by layers, if any."""

    def __init__(self, n_ids: int, attributes: tuple[int, ...], past: int, width: int, sizes: tuple[int, ...]):
        """Set `n_ids`, `attributes` or `past` to 0 or () for a tower without them."""
        super().__init__()
        self.ids = nn.Embedding(n_ids, width) if n_ids else None  # 0 is an unknown user
        self.attributes = nn.ModuleList(nn.Embedding(size, width) for size in attributes)
        self.join = nn.Linear(past, width) if past else None
        self.layers = _layers(width, sizes)

    def forward(self, user_codes: Tensor, past: Tensor) -> Tensor:
        """Map codes of id and attributes (batch, 1 + a) and past (batch, length, h * d) to (batch, length, d)."""
        x = past.new_zeros(*past.shape[:2], 1)  # (batch, length, 1)
        if self.ids is not None:
            x = x + self.ids(user_codes[:, :1])  # (batch, length, width)
        for position, attribute in enumerate(self.attributes, 1):
            x = x + attribute(user_codes[:, position, None])  # (batch, length, width)
        if self.join is not None:
            x = x + self.join(past)  # (batch, length, width)
        return self.layers(x)


class MovieTower(nn.Module):
    """The sum of vectors for the id and, if used, the genres and title of a movie, followed by layers, if any."""

    genres: Tensor
    words: Tensor

    def __init__(self, n_movies: int, features: tuple[Tensor, Tensor] | None, width: int, sizes: tuple[int, ...]):
        """Take `features`: genres (movies, genres) of ones and zeros, and words (movies, length), 0 for padding."""
        super().__init__()
        self.ids = nn.Embedding(n_movies, width)
        self.words_of = None
        if features is not None:
            self.register_buffer("genres", features[0])
            self.register_buffer("words", features[1])
            self.genres_of = nn.Linear(self.genres.shape[1], width, bias=False)
            self.words_of = nn.EmbeddingBag(int(self.words.max()) + 1, width, mode="mean", padding_idx=0)
        self.layers = _layers(width, sizes)

    def forward(self, movies: Tensor) -> Tensor:
        """Map movie rows to vectors: (n,) -> (n, d)."""
        x = self.ids(movies)  # (n, width)
        if self.words_of is not None:
            genres = self.genres[movies].to(x.dtype)  # (n, genres)
            x = x + self.genres_of(genres / genres.sum(1, keepdim=True).clamp_min(1))  # (n, width)
            x = x + self.words_of(self.words[movies].long())  # (n, width)
        return self.layers(x)

    def all_vectors(self) -> Tensor:
        """Return the vectors of the whole catalogue: (movies, d)."""
        return self(torch.arange(self.ids.num_embeddings, device=self.ids.weight.device))


def divide_by_norm(vectors: Tensor, power: int) -> Tensor:
    """Divide vectors by a power of their norm; power 0 leaves them unchanged: (..., d) -> (..., d)."""
    if not power:
        return vectors
    return vectors / vectors.norm(dim=-1, keepdim=True).clamp_min(_MIN_NORM) ** power


def _layers(width: int, sizes: tuple[int, ...]) -> nn.Sequential:
    """Build a linear map and a LeakyReLU for each of `sizes`."""
    network = nn.Sequential()
    for before, after in zip((width, *sizes[:-1]), sizes, strict=False):
        network += nn.Sequential(nn.Linear(before, after), nn.LeakyReLU())
    return network
