"""TMDB's responses, with the fields that Matinee uses; all others are dropped and not cached.

https://developer.themoviedb.org/reference/movie-details, /search-movie and /find-by-id. TMDB writes null, "", 0 or []
for an unknown value.
"""

from datetime import date

from pydantic import BaseModel, Field

_MAX_CAST = 20


class Genre(BaseModel):
    """`{"id": 18, "name": "Drama"}`."""

    id: int
    name: str


class CastMember(BaseModel):
    """An actor; `order` is the position in the credits."""

    name: str
    order: int = 0


class CrewMember(BaseModel):
    """A member of the crew, and the job."""

    name: str
    job: str = ""


class Credits(BaseModel):
    """The cast and crew of a movie."""

    cast: list[CastMember] = Field(default_factory=list[CastMember])
    crew: list[CrewMember] = Field(default_factory=list[CrewMember])


class TmdbMovie(BaseModel):
    """`/3/movie/{id}?append_to_response=credits`."""

    id: int
    title: str = ""
    original_title: str = ""
    original_language: str | None = None
    overview: str | None = None
    runtime: int | None = None  # minutes
    release_date: str | None = None
    imdb_id: str | None = None
    genres: list[Genre] = Field(default_factory=list[Genre])
    poster_path: str | None = None
    credits: Credits = Field(default_factory=Credits)

    @property
    def directors(self) -> list[str]:
        """Names, each once."""
        return list(dict.fromkeys(member.name for member in self.credits.crew if member.job == "Director"))

    @property
    def cast(self) -> list[str]:
        """Names in the order of the credits, each once."""
        return list(dict.fromkeys(member.name for member in sorted(self.credits.cast, key=_credit_order)))

    def without_minor_crew(self) -> "TmdbMovie":
        """A copy with the directors and the first 20 actors only: the others are nine tenths of a response."""
        members = sorted(self.credits.cast, key=_credit_order)[:_MAX_CAST]
        directors = [member for member in self.credits.crew if member.job == "Director"]
        return self.model_copy(update={"credits": Credits(cast=members, crew=directors)})


class TmdbSearchHit(BaseModel):
    """A movie in a list of results."""

    id: int
    title: str = ""
    original_title: str = ""
    release_date: str | None = None
    genre_ids: list[int] = Field(default_factory=list[int])

    @property
    def year(self) -> int | None:
        """The year of its first release."""
        released = parse_date(self.release_date)
        return None if released is None else released.year


class TmdbSearchPage(BaseModel):
    """`/3/search/movie`: twenty hits per page."""

    results: list[TmdbSearchHit]
    total_pages: int = 1


class FindResponse(BaseModel):
    """`/3/find/{imdb_id}?external_source=imdb_id`; its series and people are dropped."""

    movie_results: list[TmdbSearchHit]


def parse_date(text: str | None) -> date | None:
    """`"1995-12-15"` as a date; None for anything else."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _credit_order(member: CastMember) -> int:
    return member.order
