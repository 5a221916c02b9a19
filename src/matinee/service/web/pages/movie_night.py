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


@router.get("/movie-night")
def movie_night(context: SignedInPageDep, evening: Annotated[MovieNightForm, Query()]) -> Response:
    """The page: the company, and what it may see."""
    if evening.do:
        return RedirectResponse(evening.applied().url(), 303)
    others = _others(context, evening)
    evening = evening.model_copy(update={"people": tuple(one.id for one in others)})
    company = [_member_of_profile(context, one) for one in (signed_in_user(context), *others)] + _guests(
        context, evening
    )
    night, wrong = _night(context, evening, [one.name for one in company])
    profiles = [] if context.state.settings.accounts else context.state.store.users.all()
    return context.render(
        "movie_night.html",
        422 if wrong else 200,
        title=context.gettext("Movie night"),
        evening=evening,
        address=evening.url(),
        profiles=[one for one in profiles if one.id != signed_in_user(context).id and not one.disabled],
        company=company,
        full=len(company) >= MOST,
        names=joined([one.name for one in company], context.language),
        night=None if night is None else _told(context, night),
        unknown="" if night is None else say_unknown(night, context.language),
        wrong=wrong,
        moods=moods_of(context.run),
        decades=context.run.decades,
        knows_length="runtime" in context.run.engine.movies.columns,
    )


@router.post("/movie-night/members/{number}/reaction")
def react(
    context: SignedInPageDep,
    number: Number,
    evening: Annotated[MovieNightForm, Query()],
    movie_id: Annotated[str, Form(min_length=1, max_length=200)],
    said: Annotated[Said, Form()],
) -> Response:
    """Say something of a film for a profile of the company that has no ratings yet."""
    user = signed_in_user(context)
    if number != user.id:
        _only_profiles(context)
        user = context.state.store.users.get(number)
    context.run.row(movie_id)
    rate_movie(context.state, context.run, user, movie_id, STARS[said])
    return RedirectResponse(evening.url(), 303)


def _others(context: PageContext, evening: MovieNightForm) -> list[User]:
    """The profiles of the address besides one's own. Those that are no longer there are passed over."""
    mine = signed_in_user(context).id
    numbers = [one for one in dict.fromkeys(evening.people) if one != mine]
    if numbers:
        _only_profiles(context)
    there = {one.id: one for one in context.state.store.users.all() if not one.disabled} if numbers else {}
    return [there[one] for one in numbers if one in there]


def _only_profiles(context: PageContext) -> None:
    if context.state.settings.accounts:
        raise HTTPException(
            403, context.gettext("Others’ ratings are theirs alone: add them as guests, with films they like.")
        )


def _member_of_profile(context: PageContext, user: User) -> NightMember:
    feedback = context.state.user_feedback.get(context.run, user.id)
    known = len(feedback.history.movies)
    seen = [*feedback.history.movies.tolist(), *feedback.hidden, *feedback.not_interested.tolist()]
    ask = films_to_ask(context.run, seen, (), _ASKED) if known < _KNOWN else []
    return NightMember(user.name, known, plain(context.run, ask), person=user.id)


def _guests(context: PageContext, evening: MovieNightForm) -> list[NightMember]:
    run, members = context.run, list[NightMember]()
    for number, guest in enumerate(evening.guests(run)):
        said = [*guest.likes, *guest.dislikes]
        ask = films_to_ask(run, [], said, _ASKED) if len(said) < _KNOWN else []
        query = evening.q[number].strip() if number < len(evening.q) else ""
        found = [row for row in run.search.find(query, _FOUND) if run.ids[row] not in said] if query else []

        def cards(ids: Sequence[str]) -> tuple[Card, ...]:
            return tuple(plain(run, [run.row(one) for one in ids]))

        members.append(
            NightMember(
                guest.name,
                len(said),
                plain(run, ask),
                guest=number,
                likes=cards(guest.likes),
                dislikes=cards(guest.dislikes),
                query=query,
                found=tuple(plain(run, found)),
            )
        )
    return members


def _night(context: PageContext, evening: MovieNightForm, names: list[str]) -> tuple[Night | None, str]:
    """The night, if there is company; and what is wrong with it, in a sentence."""
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        return None, context.gettext("Two people are called {name}: give one of them another name.").format(
            name=twice[0]
        )
    if len(names) > MOST:
        return None, context.gettext("A movie night is for eight people at most.")
    if len(names) < 2:
        return None, ""
    asked = evening.to_request(context.run, context.language)
    try:
        return operations.plan_movie_night(context.state, context.run, signed_in_user(context), asked), ""
    except NotFoundError:
        return None, context.gettext("No film is all of that and new to everybody. Ask for less.")


def _told(context: PageContext, night: Night) -> list[dict[str, Any]]:
    """The films of a night, as the page shows them."""
    return [
        {
            "card": plain(context.run, [movie.row])[0],
            "minutes": _minutes(context, movie),
            "sentence": say_movie(movie, context.language),
            "shares": [
                (share, say_share(share, context.run.engine.movies, context.language)[:2])
                for share in movie.satisfactions
            ],
        }
        for movie in night.movies
    ]


def _minutes(context: PageContext, movie: NightMovie) -> int | None:
    movies = context.run.engine.movies
    return movies["runtime"][movie.row] if "runtime" in movies.columns else None
