"""Request schemas: query parameters and bodies."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from matinee.models.capabilities import SimilarityKind
from matinee.pipeline.filters import Filters
from matinee.pipeline.group.aggregation import Strategy
from matinee.pipeline.request import Watchlist

MovieId = Annotated[str, Field(min_length=1, max_length=200, examples=["318"])]
Text = Annotated[str, Field(min_length=1, max_length=100)]
Year = Annotated[int, Field(ge=1800, le=2200)]
Number = Annotated[int, Field(ge=1, le=2**53)]
Cursor = Annotated[str | None, Field(default=None, max_length=400, description="The `next` of the page before.")]
_MAX_ITEMS = 100


class RequestModel(BaseModel):
    """The base of requests. Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FilterQuery(RequestModel):
    """Filters of a list of movies."""

    year_from: Year | None = Field(default=None, examples=[1990])
    year_to: Year | None = Field(default=None, examples=[1999])
    genre: tuple[Text, ...] = Field(
        default=(), description="Movies must have one of these. May be repeated.", max_length=30
    )
    without_genre: tuple[Text, ...] = Field(default=(), description="Movies must have none of these.", max_length=30)
    spoken: tuple[Text, ...] = Field(default=(), description="Movies must be in one of these languages.", max_length=30)
    max_runtime: int | None = Field(default=None, ge=1, le=10_000, description="In minutes.")
    without: tuple[MovieId, ...] = Field(default=(), description="Movies to leave out.", max_length=_MAX_ITEMS)

    def filters(self, without: tuple[int, ...] = ()) -> Filters:
        """Convert to filters of the pipeline. `without` are rows."""
        return Filters(
            years=(self.year_from, self.year_to),
            genres=self.genre,
            without_genres=self.without_genre,
            languages=self.spoken,
            max_runtime=self.max_runtime,
            without=without,
        )


class ListQuery(FilterQuery):
    """Parameters of a list of recommendations."""

    k: int = Field(default=10, ge=1, le=_MAX_ITEMS)
    diversity: float = Field(default=0, ge=0, le=1, description="0: the best movies. 1: the least similar movies.")
    exploration: float = Field(default=0, ge=0, le=10, description="How far a movie may move at random.")
    seed: int = Field(default=0, ge=0, le=2**32 - 1, description="The seed of the random order.")
    from_watchlist: Watchlist = "allow"
    include_seen: bool = Field(default=False, description="Include movies that you have rated.")
    language: Literal["en", "zh"] | None = Field(
        default=None, description="The language of the reasons. Default: your language."
    )


class SimilarQuery(RequestModel):
    """Parameters of similar movies."""

    k: int = Field(default=10, ge=1, le=_MAX_ITEMS)
    by: SimilarityKind | None = Field(
        default=None, description="Similarity by content, by ratings, or by both. Default: the model's own measure."
    )


class AlsoLikedQuery(RequestModel):
    """Parameters of also-liked movies."""

    k: int = Field(default=10, ge=1, le=_MAX_ITEMS)
    near_me: bool = Field(default=False, description="Give fans with similar ratings more weight.")


class SearchQuery(RequestModel):
    """A title search."""

    q: str = Field(max_length=200, examples=["shawsh"])
    k: int = Field(default=10, ge=1, le=50)


class PageQuery(RequestModel):
    """Parameters of a page."""

    cursor: Cursor
    limit: int = Field(default=50, ge=1, le=1000)


class MoviesQuery(FilterQuery):
    """Parameters of a page of the catalogue."""

    cursor: MovieId | None = Field(default=None, description="The `next` of the page before.")
    limit: int = Field(default=50, ge=1, le=500)


class RatingIn(RequestModel):
    """A rating."""

    rating: float = Field(ge=0.5, le=5, multiple_of=0.5, examples=[4.5])
    rated_at: AwareDatetime | None = Field(default=None, description="With a time zone. Default: now.")
    list_id: str | None = Field(
        default=None, min_length=1, max_length=100, description="The list on which the movie was shown."
    )


class ClickIn(RequestModel):
    """A movie whose page was opened."""

    movie_id: MovieId
    list_id: str | None = Field(default=None, min_length=1, max_length=100)


class GuestIn(RequestModel):
    """A guest of a movie night without a profile."""

    name: Text
    likes: tuple[MovieId, ...] = Field(default=(), max_length=_MAX_ITEMS)
    dislikes: tuple[MovieId, ...] = Field(default=(), max_length=_MAX_ITEMS)


class NightIn(FilterQuery):
    """A movie night for 2 to 8 users and guests, including you."""

    users: tuple[Number, ...] = Field(default=(), max_length=8, description="The numbers of other profiles.")
    guests: tuple[GuestIn, ...] = Field(default=(), max_length=8)
    k: int = Field(default=3, ge=1, le=20)
    strategy: Strategy = "fair"
    again: tuple[MovieId, ...] = Field(
        default=(), max_length=_MAX_ITEMS, description="Movies that all would see again."
    )
    language: Literal["en", "zh"] | None = None


class ChoiceIn(RequestModel):
    """The movie of a line of a diary; null leaves the line out."""

    line: int = Field(ge=0, le=10**7, description="The `line` of the import.")
    movie_id: MovieId | None


class ChoicesIn(RequestModel):
    """The choices for several lines."""

    choices: tuple[ChoiceIn, ...] = Field(max_length=10_000)


class ProfileIn(RequestModel):
    """A new profile."""

    name: str = Field(min_length=1, max_length=60, examples=["Ann"])
    language: Literal["en", "zh"] = "en"


class ProfileChangeIn(RequestModel):
    """Changes of your name, language or theme."""

    name: str | None = Field(default=None, min_length=1, max_length=60)
    language: Literal["en", "zh"] | None = None
    theme: Literal["system", "light", "dark"] | None = None


class ProfilePickIn(RequestModel):
    """The profile to use."""

    profile: Number


class AccountIn(RequestModel):
    """A new account."""

    name: str = Field(min_length=1, max_length=60)
    password: str = Field(max_length=200, description="At least 10 characters.")
    invitation: str | None = Field(default=None, max_length=100)


class SignInIn(RequestModel):
    """A name and password."""

    name: str = Field(min_length=1, max_length=60)
    password: str = Field(max_length=200)


class PasswordIn(RequestModel):
    """The old and the new password."""

    old: str = Field(max_length=200)
    new: str = Field(max_length=200)


class ReloadIn(RequestModel):
    """The runs to load. Missing fields stay unchanged."""

    run: str | None = Field(default=None, min_length=1, max_length=1000, examples=["runs/blend"])
    rating_run: str | None = Field(default=None, min_length=1, max_length=1000)
    content_run: str | None = Field(default=None, min_length=1, max_length=1000)
