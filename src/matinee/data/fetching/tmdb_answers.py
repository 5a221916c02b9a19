"""What TMDB answers, as far as Matinee needs it; everything else is left out, and so not kept either.

https://developer.themoviedb.org/reference/movie-details, /search-movie and /find-by-id. TMDB writes what it does not
know as null, "", 0 or [].
"""

from datetime import date

from pydantic import BaseModel, Field

_MOST_CAST = 20


class Genre(BaseModel):
    """`{"id": 18, "name": "Drama"}`."""

    id: int
    name: str


class CastMember(BaseModel):
    """One of the cast; `order` is that of the credits."""

    name: str
    order: int = 0


class CrewMember(BaseModel):
    """One of the crew."""

    name: str
    job: str = ""


class Credits(BaseModel):
    """Who took part."""

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
        return list(dict.fromkeys(member.name for member in sorted(self.credits.cast, key=lambda one: one.order)))

    def worth_keeping(self) -> "TmdbMovie":
        """Without those of the crew and the cast that nobody asks for: they are nine tenths of an answer."""
        members = sorted(self.credits.cast, key=lambda one: one.order)[:_MOST_CAST]
        directors = [member for member in self.credits.crew if member.job == "Director"]
        return self.model_copy(update={"credits": Credits(cast=members, crew=directors)})


class TmdbSearchHit(BaseModel):
    """A film in a list."""

    id: int
    title: str = ""
    original_title: str = ""
    release_date: str | None = None
    genre_ids: list[int] = Field(default_factory=list[int])

    @property
    def year(self) -> int | None:
        """Of its first release."""
        released = day(self.release_date)
        return None if released is None else released.year


class TmdbPage(BaseModel):
    """`/3/search/movie`: twenty hits to a page."""

    results: list[TmdbSearchHit]
    total_pages: int = 1


class FoundById(BaseModel):
    """`/3/find/{imdb_id}?external_source=imdb_id`: movies here; series and people are not ours."""

    movie_results: list[TmdbSearchHit]


def day(text: str | None) -> date | None:
    """`"1995-12-15"` as a date; None for what is none."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
