"""What comes in: the questions and bodies of requests. What goes out is in `schemas_out.py`."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from matinee.models.capabilities import By
from matinee.pipeline.filters import Filters
from matinee.pipeline.group.aggregation import Strategy
from matinee.pipeline.request import Watchlist

MovieId = Annotated[str, Field(min_length=1, max_length=200, examples=["318"])]
Text = Annotated[str, Field(min_length=1, max_length=100)]
Year = Annotated[int, Field(ge=1800, le=2200)]
Number = Annotated[int, Field(ge=1, le=2**53)]
Cursor = Annotated[str | None, Field(default=None, max_length=400, description="The `next` of the page before.")]
_MOST = 100


class RequestModel(BaseModel):
    """Refuses what it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FilterQuery(RequestModel):
    """Which movies may be shown."""

    year_from: Year | None = Field(default=None, examples=[1990])
    year_to: Year | None = Field(default=None, examples=[1999])
    genre: tuple[Text, ...] = Field(default=(), description="One of these; may be repeated.", max_length=30)
    without_genre: tuple[Text, ...] = Field(default=(), description="None of these.", max_length=30)
    spoken: tuple[Text, ...] = Field(default=(), description="One of these languages of films.", max_length=30)
    longest: int | None = Field(default=None, ge=1, le=10_000, description="Minutes.")
    without: tuple[MovieId, ...] = Field(default=(), description="Movies to leave out.", max_length=_MOST)

    def filters(self, without: tuple[int, ...] = ()) -> Filters:
        """As the pipeline takes them; `without` are rows."""
        return Filters(
            years=(self.year_from, self.year_to),
            genres=self.genre,
            without_genres=self.without_genre,
            languages=self.spoken,
            longest=self.longest,
            without=without,
        )


class ListQuery(FilterQuery):
    """A list of recommendations: how long, of what, how varied."""

    k: int = Field(default=10, ge=1, le=_MOST)
    diversity: float = Field(default=0, ge=0, le=1, description="0: the best movies; 1: as unlike as can be.")
    exploration: float = Field(default=0, ge=0, le=10, description="How far chance may carry a movie.")
    seed: int = Field(default=0, ge=0, le=2**32 - 1, description="Decides what chance does.")
    from_watchlist: Watchlist = "allow"
    seen_too: bool = Field(default=False, description="Whether movies rated already may be shown.")
    language: Literal["en", "zh"] | None = Field(default=None, description="Of the reasons; else the person's own.")


class SimilarQuery(RequestModel):
    """Movies like one."""

    k: int = Field(default=10, ge=1, le=_MOST)
    by: By | None = Field(
        default=None, description="What movies are about, who rated them, or both; else the model's own."
    )


class AlsoLikedQuery(RequestModel):
    """What fans of a movie like."""

    k: int = Field(default=10, ge=1, le=_MOST)
    near_me: bool = Field(default=False, description="Fans with a taste like yours count more.")


class SearchQuery(RequestModel):
    """A title, as far as it is typed."""

    q: str = Field(max_length=200, examples=["shawsh"])
    k: int = Field(default=10, ge=1, le=50)


class PageQuery(RequestModel):
    """A page of a long list."""

    cursor: Cursor
    limit: int = Field(default=50, ge=1, le=1000)


class MoviesQuery(FilterQuery):
    """A page of the catalogue."""

    cursor: MovieId | None = Field(default=None, description="The `next` of the page before.")
    limit: int = Field(default=50, ge=1, le=500)


class RatingIn(RequestModel):
    """A rating."""

    stars: float = Field(ge=0.5, le=5, multiple_of=0.5, examples=[4.5])
    rated_at: AwareDatetime | None = Field(default=None, description="When, with a zone; else now.")
    list_id: str | None = Field(default=None, min_length=1, max_length=100, description="The list it was seen on.")


class ClickIn(RequestModel):
    """A movie that was looked at."""

    movie_id: MovieId
    list_id: str | None = Field(default=None, min_length=1, max_length=100)


class GuestIn(RequestModel):
    """Somebody at a movie night without ratings here: by what they like."""

    name: Text
    likes: tuple[MovieId, ...] = Field(default=(), max_length=_MOST)
    dislikes: tuple[MovieId, ...] = Field(default=(), max_length=_MOST)


class NightIn(FilterQuery):
    """A movie night: 2 to 8 of profiles and guests; whoever asks is one of them."""

    people: tuple[Number, ...] = Field(default=(), max_length=8, description="Profiles besides your own.")
    guests: tuple[GuestIn, ...] = Field(default=(), max_length=8)
    k: int = Field(default=3, ge=1, le=20)
    strategy: Strategy = "fair"
    again: tuple[MovieId, ...] = Field(default=(), max_length=_MOST, description="Movies nobody minds seeing again.")
    language: Literal["en", "zh"] | None = None


class ChoiceIn(RequestModel):
    """Which movie a line of a diary is; none: leave it out."""

    line: int = Field(ge=0, le=10**7, description="The `line` of the report.")
    movie_id: MovieId | None


class ChoicesIn(RequestModel):
    """Several choices at once."""

    choices: tuple[ChoiceIn, ...] = Field(max_length=10_000)


class ProfileIn(RequestModel):
    """A new profile, on this machine."""

    name: str = Field(min_length=1, max_length=60, examples=["Ann"])
    language: Literal["en", "zh"] = "en"


class ProfileChangeIn(RequestModel):
    """What to change of oneself."""

    name: str | None = Field(default=None, min_length=1, max_length=60)
    language: Literal["en", "zh"] | None = None
    theme: Literal["system", "light", "dark"] | None = None


class ProfilePickIn(RequestModel):
    """The profile to go on as."""

    profile: Number


class AccountIn(RequestModel):
    """A new account."""

    name: str = Field(min_length=1, max_length=60)
    password: str = Field(max_length=200, description="At least 10 characters.")
    invitation: str | None = Field(default=None, max_length=100)


class SignInIn(RequestModel):
    """Signing in."""

    name: str = Field(min_length=1, max_length=60)
    password: str = Field(max_length=200)


class PasswordIn(RequestModel):
    """Another password."""

    old: str = Field(max_length=200)
    new: str = Field(max_length=200)


class ReloadIn(RequestModel):
    """Which runs to load; what is left out stays as it is."""

    run: str | None = Field(default=None, min_length=1, max_length=1000, examples=["runs/blend"])
    stars: str | None = Field(default=None, min_length=1, max_length=1000)
    content: str | None = Field(default=None, min_length=1, max_length=1000)
