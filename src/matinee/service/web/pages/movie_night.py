"""Movie night: who comes, what kind of film, and three films with each person's delight and the compromise said."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Query
from fastapi.responses import RedirectResponse, Response

from matinee.errors import NotFoundError
from matinee.pipeline.group.movie_night import Night, NightMovie
from matinee.pipeline.night_words import say_movie, say_share, say_unknown
from matinee.pipeline.words import joined
from matinee.service.operations import recommendations as operations
from matinee.service.operations.feedback import rate_movie
from matinee.service.schemas.requests import Number
from matinee.service.web.moods import moods_of
from matinee.service.web.page_context import PageContext, SignedInPageDep, signed_in_user
from matinee.service.web.views.cards import Card, plain
from matinee.service.web.views.movie_night_form import MOST, MovieNightForm
from matinee.service.web.views.onboarding_movies import STARS, Said, films_to_ask
from matinee.store.users import User

router = APIRouter(include_in_schema=False)

_ASKED = 5  # posters, of whom little is known
_KNOWN = 3  # films, from which nobody is asked any more
_FOUND = 6  # films of a search


@dataclass(frozen=True)
class NightMember:
    """Somebody of the company."""

    name: str
    known: int  # films of theirs that are known
    ask: list[Card]  # posters to ask them about
    person: int | None = None  # a profile's number
    guest: int | None = None  # a guest's place
    likes: tuple[Card, ...] = ()
    dislikes: tuple[Card, ...] = ()
    query: str = ""
    found: tuple[Card, ...] = ()


@router.get("/night")
def movie_night(visit: SignedInPageDep, evening: Annotated[MovieNightForm, Query()]) -> Response:
    """The page: the company, and what it may see."""
    if evening.do:
        return RedirectResponse(evening.applied().url(), 303)
    others = _others(visit, evening)
    evening = evening.model_copy(update={"people": tuple(one.id for one in others)})
    company = [_member_of_profile(visit, one) for one in (signed_in_user(visit), *others)] + _guests(visit, evening)
    night, wrong = _night(visit, evening, [one.name for one in company])
    profiles = [] if visit.state.settings.accounts else visit.state.store.users.all()
    return visit.render(
        "night.html",
        422 if wrong else 200,
        title=visit.gettext("Movie night"),
        evening=evening,
        address=evening.url(),
        profiles=[one for one in profiles if one.id != signed_in_user(visit).id and not one.disabled],
        company=company,
        full=len(company) >= MOST,
        names=joined([one.name for one in company], visit.language),
        night=None if night is None else _told(visit, night),
        unknown="" if night is None else say_unknown(night, visit.language),
        wrong=wrong,
        moods=moods_of(visit.run),
        decades=visit.run.decades,
        knows_length="runtime" in visit.run.engine.movies.columns,
    )


@router.post("/night/people/{number}/reaction")
def react(
    visit: SignedInPageDep,
    number: Number,
    evening: Annotated[MovieNightForm, Query()],
    movie_id: Annotated[str, Form(min_length=1, max_length=200)],
    said: Annotated[Said, Form()],
) -> Response:
    """Say something of a film for a profile of the company that has no ratings yet."""
    person = signed_in_user(visit)
    if number != person.id:
        _only_profiles(visit)
        person = visit.state.store.users.get(number)
    visit.run.row(movie_id)
    rate_movie(visit.state, visit.run, person, movie_id, STARS[said])
    return RedirectResponse(evening.url(), 303)


def _others(visit: PageContext, evening: MovieNightForm) -> list[User]:
    """The profiles of the address besides one's own. Those that are no longer there are passed over."""
    mine = signed_in_user(visit).id
    numbers = [one for one in dict.fromkeys(evening.people) if one != mine]
    if numbers:
        _only_profiles(visit)
    there = {one.id: one for one in visit.state.store.users.all() if not one.disabled} if numbers else {}
    return [there[one] for one in numbers if one in there]


def _only_profiles(visit: PageContext) -> None:
    if visit.state.settings.accounts:
        raise HTTPException(
            403, visit.gettext("Others’ ratings are theirs alone: add them as guests, with films they like.")
        )


def _member_of_profile(visit: PageContext, person: User) -> NightMember:
    taste = visit.state.user_feedback.get(visit.run, person.id)
    known = len(taste.history.movies)
    seen = [*taste.history.movies.tolist(), *taste.hidden, *taste.not_interested.tolist()]
    ask = films_to_ask(visit.run, seen, (), _ASKED) if known < _KNOWN else []
    return NightMember(person.name, known, plain(visit.run, ask), person=person.id)


def _guests(visit: PageContext, evening: MovieNightForm) -> list[NightMember]:
    stage, members = visit.run, list[NightMember]()
    for number, guest in enumerate(evening.guests(stage)):
        said = [*guest.likes, *guest.dislikes]
        ask = films_to_ask(stage, [], said, _ASKED) if len(said) < _KNOWN else []
        query = evening.q[number].strip() if number < len(evening.q) else ""
        found = [row for row in stage.search.find(query, _FOUND) if stage.ids[row] not in said] if query else []

        def cards(ids: Sequence[str]) -> tuple[Card, ...]:
            return tuple(plain(stage, [stage.row(one) for one in ids]))

        members.append(
            NightMember(
                guest.name,
                len(said),
                plain(stage, ask),
                guest=number,
                likes=cards(guest.likes),
                dislikes=cards(guest.dislikes),
                query=query,
                found=tuple(plain(stage, found)),
            )
        )
    return members


def _night(visit: PageContext, evening: MovieNightForm, names: list[str]) -> tuple[Night | None, str]:
    """The night, if there is company; and what is wrong with it, in a sentence."""
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        return None, visit.gettext("Two people are called {name}: give one of them another name.").format(name=twice[0])
    if len(names) > MOST:
        return None, visit.gettext("A movie night is for eight people at most.")
    if len(names) < 2:
        return None, ""
    asked = evening.to_request(visit.run, visit.language)
    try:
        return operations.plan_movie_night(visit.state, visit.run, signed_in_user(visit), asked), ""
    except NotFoundError:
        return None, visit.gettext("No film is all of that and new to everybody. Ask for less.")


def _told(visit: PageContext, night: Night) -> list[dict[str, Any]]:
    """The films of a night, as the page shows them."""
    return [
        {
            "card": plain(visit.run, [movie.row])[0],
            "minutes": _minutes(visit, movie),
            "sentence": say_movie(movie, visit.language),
            "shares": [
                (share, say_share(share, visit.run.engine.movies, visit.language)[:2]) for share in movie.satisfactions
            ],
        }
        for movie in night.movies
    ]


def _minutes(visit: PageContext, movie: NightMovie) -> int | None:
    movies = visit.run.engine.movies
    return movies["runtime"][movie.row] if "runtime" in movies.columns else None
