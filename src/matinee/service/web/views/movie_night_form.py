"""An evening as its address tells it: who comes, what guests like, and what kind of film it shall be."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, Self
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field

from matinee.pipeline.group.aggregation import Strategy
from matinee.service.schemas.requests import GuestIn, NightIn, Number
from matinee.service.state.served_run import ServedRun
from matinee.service.web.decades import Decade, years_of
from matinee.service.web.moods import MOODS, genres_for

MOST = 8  # people
_MOST_FILMS = 200

Name = Annotated[str, Field(max_length=60)]
Said = Annotated[str, Field(max_length=210)]  # of a guest: "0:318", the first guest and a film's id
Longest = Literal["", "90", "120", "150"]  # minutes


@dataclass(frozen=True)
class GuestForm:
    """A guest, by name, and the ids of films they like and do not like."""

    name: str
    likes: tuple[str, ...]
    dislikes: tuple[str, ...]


class MovieNightForm(BaseModel):
    """What the address says. Empty fields of a form say nothing; films that are not there are passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    people: tuple[Number, ...] = Field(default=(), max_length=MOST)
    guest: tuple[Name, ...] = Field(default=(), max_length=MOST + 1)
    like: tuple[Said, ...] = Field(default=(), max_length=_MOST_FILMS)
    dislike: tuple[Said, ...] = Field(default=(), max_length=_MOST_FILMS)
    q: tuple[Annotated[str, Field(max_length=200)], ...] = Field(default=(), max_length=MOST + 1)  # of each guest
    mood: str = Field(default="", max_length=20)
    decade: Decade = ""
    longest: Longest = ""
    strategy: Strategy = "fair"
    do: str = Field(default="", max_length=230)  # one change: "like:0:318", "dislike:0:318", "drop:0:318", "leave:0"

    def guests(self, run: ServedRun) -> list[GuestForm]:
        """The guests, with films that the stage has."""
        names = [" ".join(name.split()) for name in self.guest]

        def films(said: Sequence[str], number: int) -> tuple[str, ...]:
            pairs = [one.partition(":") for one in said]
            return tuple(dict.fromkeys(film for of, _, film in pairs if of == str(number) and film in run.rows))

        return [
            GuestForm(name, films(self.like, number), films(self.dislike, number))
            for number, name in enumerate(names)
            if name
        ]

    def applied(self) -> Self:
        """The evening after its one change; what is no change is passed over."""
        act, _, rest = self.do.partition(":")
        number, _, film = rest.partition(":")
        said = f"{number}:{film}"
        quiet = self.model_copy(update={"do": "", "q": ()})
        others = {
            "like": tuple(one for one in self.like if one != said),
            "dislike": tuple(one for one in self.dislike if one != said),
        }
        if act in ("like", "dislike") and film:
            others[act] += (said,)
            return quiet.model_copy(update=others)
        if act == "drop":
            return quiet.model_copy(update=others)
        if act == "leave" and number.isdecimal():
            return quiet._without(int(number))
        return quiet

    def url(self) -> str:
        """The address that tells this evening, and nothing that goes without saying."""
        query: list[tuple[str, str | int]] = [("people", one) for one in dict.fromkeys(self.people)]
        for field in ("guest", "like", "dislike"):
            query += [(field, one) for one in getattr(self, field) if one.strip()]
        chosen = {"mood": self.mood, "decade": self.decade, "longest": self.longest}
        query += [(name, value) for name, value in chosen.items() if value]
        query += [("strategy", self.strategy)] if self.strategy != "fair" else []
        return f"/movie-night?{urlencode(query)}" if query else "/movie-night"

    def to_request(self, run: ServedRun, language: Literal["en", "zh"]) -> NightIn:
        """The question for the pipeline."""
        first, last = years_of(self.decade)
        knows_length = "runtime" in run.engine.movies.columns
        return NightIn(
            people=self.people,
            guests=tuple(GuestIn(name=one.name, likes=one.likes, dislikes=one.dislikes) for one in self.guests(run)),
            strategy=self.strategy,
            genre=genres_for(run, self.mood) if self.mood in MOODS else (),
            year_from=first,
            year_to=last,
            longest=int(self.longest) if self.longest and knows_length else None,
            language=language,
        )

    def _without(self, number: int) -> Self:
        """Without one guest; those behind move up, and what they said with them."""

        def kept(said: Sequence[str]) -> tuple[str, ...]:
            pairs = [one.partition(":") for one in said if one.partition(":")[0].isdecimal()]
            return tuple(f"{int(of) - (int(of) > number)}:{film}" for of, _, film in pairs if int(of) != number)

        names = self.guest[:number] + self.guest[number + 1 :]
        return self.model_copy(update={"guest": names, "like": kept(self.like), "dislike": kept(self.dislike)})
