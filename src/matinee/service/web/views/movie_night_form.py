"""The form of a movie night as its address holds it: users, guests and what they like, and filters."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, Self
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field

from matinee.i18n import Language
from matinee.pipeline.group.aggregation import Strategy
from matinee.service.schemas.requests import GuestIn, NightIn, Number
from matinee.service.state.served_run import ServedRun
from matinee.service.web.views.list_filters import MOODS, Decade, decade_years, mood_genres

MAX_MEMBERS = 8
_MAX_MOVIES = 200

Name = Annotated[str, Field(max_length=60)]
GuestMovie = Annotated[str, Field(max_length=210)]  # "0:318": the number of a guest, and the id of a movie
MaxMinutes = Literal["", "90", "120", "150"]


@dataclass(frozen=True)
class GuestForm:
    """A guest by name, with the ids of movies they like and dislike."""

    name: str
    likes: tuple[str, ...]
    dislikes: tuple[str, ...]


class MovieNightForm(BaseModel):
    """The fields of the address. Empty fields and unknown movies are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    users: tuple[Number, ...] = Field(default=(), max_length=MAX_MEMBERS)
    guest: tuple[Name, ...] = Field(default=(), max_length=MAX_MEMBERS + 1)
    like: tuple[GuestMovie, ...] = Field(default=(), max_length=_MAX_MOVIES)
    dislike: tuple[GuestMovie, ...] = Field(default=(), max_length=_MAX_MOVIES)
    q: tuple[Annotated[str, Field(max_length=200)], ...] = Field(default=(), max_length=MAX_MEMBERS + 1)  # per guest
    mood: str = Field(default="", max_length=20)
    decade: Decade = ""
    max_minutes: MaxMinutes = ""
    strategy: Strategy = "fair"
    change: str = Field(default="", max_length=230)  # like:0:318, dislike:0:318, remove:0:318 or remove_guest:0

    def guests(self, run: ServedRun) -> list[GuestForm]:
        """The guests, with their movies that are in the catalogue."""
        names = [" ".join(name.split()) for name in self.guest]

        def movies_of(guest_movies: Sequence[str], number: int) -> tuple[str, ...]:
            pairs = [guest_movie.partition(":") for guest_movie in guest_movies]
            movies = [movie for guest, _, movie in pairs if guest == str(number) and movie in run.rows]
            return tuple(dict.fromkeys(movies))

        return [
            GuestForm(name, movies_of(self.like, number), movies_of(self.dislike, number))
            for number, name in enumerate(names)
            if name
        ]

    def applied(self) -> Self:
        """The form after its change, and without searches. An invalid change is ignored."""
        verb, _, rest = self.change.partition(":")
        number, _, movie = rest.partition(":")
        guest_movie = f"{number}:{movie}"
        unchanged = self.model_copy(update={"change": "", "q": ()})
        movies = {
            "like": tuple(other for other in self.like if other != guest_movie),
            "dislike": tuple(other for other in self.dislike if other != guest_movie),
        }
        if verb in ("like", "dislike") and movie:
            movies[verb] += (guest_movie,)
            return unchanged.model_copy(update=movies)
        if verb == "remove":
            return unchanged.model_copy(update=movies)
        if verb == "remove_guest" and number.isdecimal():
            return unchanged._without_guest(int(number))
        return unchanged

    def url(self) -> str:
        """The address of this form, without fields that have their default."""
        query: list[tuple[str, str | int]] = [("users", number) for number in dict.fromkeys(self.users)]
        for field in ("guest", "like", "dislike"):
            query += [(field, value) for value in getattr(self, field) if value.strip()]
        choices = {"mood": self.mood, "decade": self.decade, "max_minutes": self.max_minutes}
        query += [(name, value) for name, value in choices.items() if value]
        query += [("strategy", self.strategy)] if self.strategy != "fair" else []
        return f"/movie-night?{urlencode(query)}" if query else "/movie-night"

    def to_request(self, run: ServedRun, language: Language) -> NightIn:
        """The request for the pipeline."""
        year_from, year_to = decade_years(self.decade)
        has_runtime = "runtime" in run.engine.movies.columns
        return NightIn(
            users=self.users,
            guests=tuple(
                GuestIn(name=guest.name, likes=guest.likes, dislikes=guest.dislikes) for guest in self.guests(run)
            ),
            strategy=self.strategy,
            genre=mood_genres(run, self.mood) if self.mood in MOODS else (),
            year_from=year_from,
            year_to=year_to,
            max_runtime=int(self.max_minutes) if self.max_minutes and has_runtime else None,
            language=language,
        )

    def _without_guest(self, removed: int) -> Self:
        """Remove a guest. The numbers of later guests, in their movies too, move down by one."""

        def renumbered(guest_movies: Sequence[str]) -> tuple[str, ...]:
            pairs = [guest_movie.partition(":") for guest_movie in guest_movies]
            numbered = [(int(guest), movie) for guest, _, movie in pairs if guest.isdecimal()]
            return tuple(f"{guest - (guest > removed)}:{movie}" for guest, movie in numbered if guest != removed)

        names = self.guest[:removed] + self.guest[removed + 1 :]
        update = {"guest": names, "like": renumbered(self.like), "dislike": renumbered(self.dislike)}
        return self.model_copy(update=update)
