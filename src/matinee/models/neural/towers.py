"""Towers: small networks that turn what is known of a user, or of a movie, into a vector."""

import torch
from torch import Tensor, nn

_SHORTEST = 1e-12  # what a length counts as at least, when a vector is divided by it


class RecencyPool(nn.Module):
    """Weighted sums of the vectors of a past: one that is k steps back weighs 2^(-k / half-life).

    There is one sum for each of h half-lives, and the half-lives are learned on from where they start. Without
    any, there is a single sum in which all weigh alike. The squares of the weights of a sum add up to 1: a mean of
    many movies would differ little from anybody's, and a plain sum would grow with the past; in between, as n^-1/2 in
    Kabbur et al., "FISM", KDD 2013, what is peculiar to a past is as large after many movies as after few.
    """

    def __init__(self, half_lives: tuple[float, ...]):
        super().__init__()
        self.sums = len(half_lives) or 1  # h
        self.log_half_life = nn.Parameter(torch.tensor(half_lives).log())  # (h,)

    def forward(self, x: Tensor) -> Tensor:
        """The sums up to and including each position: (batch, length, d) -> (batch, length, h * d)."""
        place = torch.arange(x.shape[1], device=x.device)
        weight = self._weight(place[:, None] - place)  # (h, length, length)
        sums = weight.flatten(0, 1) @ x  # (batch, h * length, d)
        return sums.unflatten(1, weight.shape[:2]).transpose(1, 2).flatten(2)  # (batch, length, h * d)

    def latest(self, x: Tensor, lengths: Tensor, real: Tensor) -> Tensor:
        """The sums of the first `lengths` (batch,): (batch, length, d) -> (batch, h * d), 0 for none.

        Where `real` (batch, length) is false a movie was taken out: the others are as far back as before.
        """
        place = torch.arange(x.shape[1], device=x.device)
        back = (lengths[:, None] - 1 - place).masked_fill(~real, -1)  # (batch, length)
        weight = self._weight(back)  # (h, batch, length)
        return (weight.transpose(0, 1) @ x).flatten(1)  # (batch, h * d)

    def _weight(self, back: Tensor) -> Tensor:
        """Weights of vectors so many steps back; 0 for those less than 0, ahead: (n, m) -> (h, n, m)."""
        rate = torch.exp(-self.log_half_life) if len(self.log_half_life) else back.new_zeros(1, dtype=torch.float32)
        weight = torch.exp2(-rate[:, None, None] * back.clamp(min=0)) * (back >= 0)  # (h, n, m)
        return divided(weight, 1)


class UserTower(nn.Module):
    """Who somebody is and what their past comes to, each as a vector; their sum, through layers if there are any."""

    def __init__(self, n_ids: int, attributes: tuple[int, ...], past: int, width: int, sizes: tuple[int, ...]):
        """`n_ids` and sizes of `attributes` are 0 and () for a tower that does not look at them, `past` 0 likewise."""
        super().__init__()
        self.ids = nn.Embedding(n_ids, width) if n_ids else None  # 0 is somebody unknown
        self.attributes = nn.ModuleList(nn.Embedding(size, width) for size in attributes)
        self.join = nn.Linear(past, width) if past else None
        self.layers = _layers(width, sizes)

    def forward(self, people: Tensor, past: Tensor) -> Tensor:
        """Codes of id and attributes (batch, 1 + a), past (batch, length, h * d) -> (batch, length, d)."""
        x = past.new_zeros(*past.shape[:2], 1)  # (batch, length, 1)
        if self.ids is not None:
            x = x + self.ids(people[:, :1])  # (batch, length, width)
        for place, attribute in enumerate(self.attributes, 1):
            x = x + attribute(people[:, place, None])  # (batch, length, width)
        if self.join is not None:
            x = x + self.join(past)  # (batch, length, width)
        return self.layers(x)


class MovieTower(nn.Module):
    """A movie's id, and perhaps its genres and the words of its title, as a vector; through layers if there are any."""

    genres: Tensor
    words: Tensor

    def __init__(self, n_movies: int, features: tuple[Tensor, Tensor] | None, width: int, sizes: tuple[int, ...]):
        """`features` are genres (movies, genres) of ones and zeros, and words (movies, length), 0 for padding."""
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
        """Movie rows (n,) -> (n, d)."""
        x = self.ids(movies)  # (n, width)
        if self.words_of is not None:
            genres = self.genres[movies].to(x.dtype)  # (n, genres)
            x = x + self.genres_of(genres / genres.sum(1, keepdim=True).clamp_min(1))  # (n, width)
            x = x + self.words_of(self.words[movies].long())  # (n, width)
        return self.layers(x)

    def every(self) -> Tensor:
        """The vectors of the whole catalogue: (movies, d)."""
        return self(torch.arange(self.ids.num_embeddings, device=self.ids.weight.device))


def divided(vectors: Tensor, power: int) -> Tensor:
    """Vectors divided by their length to a power, 0 to leave them alone: (..., d) -> (..., d)."""
    if not power:
        return vectors
    return vectors / vectors.norm(dim=-1, keepdim=True).clamp_min(_SHORTEST) ** power


def _layers(width: int, sizes: tuple[int, ...]) -> nn.Sequential:
    """A linear map and a LeakyReLU for each of `sizes`."""
    network = nn.Sequential()
    for before, after in zip((width, *sizes[:-1]), sizes, strict=False):
        network += nn.Sequential(nn.Linear(before, after), nn.LeakyReLU())
    return network
