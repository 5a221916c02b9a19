"""Movie night: members, filters, and three movies with each member's fit and the compromise in a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Query
from fastapi.responses import RedirectResponse, Response

from matinee.errors import NotFoundError
from matinee.i18n.movie_night import describe_movie, describe_satisfaction, describe_unknown_guests
from matinee.i18n.reasons import join_names
from matinee.message import N_
from matinee.pipeline.group.movie_night import Night, NightMovie
from matinee.service.operations import recommendations as operations
from matinee.service.operations.feedback import rate_movie
from matinee.service.schemas.requests import Number
from matinee.service.web.page_context import MenuEntry, PageContext, SignedInPageDep, signed_in_user
from matinee.service.web.views.cards import Card, movie_cards
from matinee.service.web.views.list_filters import available_moods
from matinee.service.web.views.movie_night_form import MAX_MEMBERS, MovieNightForm
from matinee.service.web.views.onboarding_movies import STARS, Reaction, next_questions
from matinee.store.users import User

router = APIRouter(include_in_schema=False)
MENU_ENTRY = MenuEntry(3, "/movie-night", N_("Movie night"))

_QUESTIONS = 5  # movies that a member with few ratings is asked about
_ENOUGH_RATINGS = 3  # from which a member is not asked
_SEARCH_HITS = 6
_DESCRIBED_REASONS = 2


@dataclass(frozen=True)
class NightMember:
    """A user or a guest at the movie night."""

    name: str
    questions: list[Card]
    user: int | None = None  # the number of a profile
    guest: int | None = None  # the number of a guest
    likes: tuple[Card, ...] = ()
    dislikes: tuple[Card, ...] = ()
    query: str = ""
    hits: tuple[Card, ...] = ()


@router.get("/movie-night")
def movie_night(context: SignedInPageDep, form: Annotated[MovieNightForm, Query()]) -> Response:
    """The page: members and filters, and the movies for them."""
    if form.change:
        return RedirectResponse(form.applied().url(), 303)
    user = signed_in_user(context)
    others = _other_users(context, form)
    form = form.model_copy(update={"users": tuple(other.id for other in others)})
    members = [_user_member(context, member) for member in (user, *others)] + _guest_members(context, form)
    night, error = _plan(context, form, [member.name for member in members])
    profiles = [] if context.state.settings.accounts else context.state.store.users.all()
    return context.render(
        "movie_night.html",
        422 if error else 200,
        title=context.gettext("Movie night"),
        form=form,
        address=form.url(),
        profiles=[profile for profile in profiles if profile.id != user.id and not profile.disabled],
        members=members,
        is_full=len(members) >= MAX_MEMBERS,
        names=join_names([member.name for member in members], context.language),
        movies=[] if night is None else _night_movies(context, night),
        unknown_guests="" if night is None else describe_unknown_guests(night, context.language),
        error=error,
        moods=available_moods(context.run),
        decades=context.run.decades,
        has_runtime="runtime" in context.run.engine.movies.columns,
    )


@router.post("/movie-night/members/{number}/reaction")
def react(
    context: SignedInPageDep,
    number: Number,
    form: Annotated[MovieNightForm, Query()],
    movie_id: Annotated[str, Form(min_length=1, max_length=200)],
    reaction: Annotated[Reaction, Form()],
) -> Response:
    """Store a reaction of a member with a profile to a movie."""
    user = signed_in_user(context)
    if number != user.id:
        _require_profiles(context)
        user = context.state.store.users.get(number)
    context.run.row(movie_id)
    rate_movie(context.state, context.run, user, movie_id, STARS[reaction], source="web")
    return RedirectResponse(form.url(), 303)


def _other_users(context: PageContext, form: MovieNightForm) -> list[User]:
    """The users of the address except the current one. Deleted and disabled users are ignored."""
    own_id = signed_in_user(context).id
    numbers = [number for number in dict.fromkeys(form.users) if number != own_id]
    if not numbers:
        return []
    _require_profiles(context)
    by_id = {user.id: user for user in context.state.store.users.all() if not user.disabled}
    return [by_id[number] for number in numbers if number in by_id]


def _require_profiles(context: PageContext) -> None:
    if context.state.settings.accounts:
        text = context.gettext("Other people’s ratings are private. Add them as guests, with movies they like.")
        raise HTTPException(403, text)


def _user_member(context: PageContext, user: User) -> NightMember:
    feedback = context.state.user_feedback.get(context.run, user.id)
    questions: list[int] = []
    if len(feedback.history.movies) < _ENOUGH_RATINGS:
        seen = [*feedback.history.movies.tolist(), *feedback.hidden, *feedback.not_interested.tolist()]
        questions = next_questions(context.run, seen, (), _QUESTIONS)
    return NightMember(user.name, movie_cards(context.run, questions), user=user.id)


def _guest_members(context: PageContext, form: MovieNightForm) -> list[NightMember]:
    run, members = context.run, list[NightMember]()

    def cards(ids: Sequence[str]) -> tuple[Card, ...]:
        return tuple(movie_cards(run, [run.row(movie_id) for movie_id in ids]))

    for number, guest in enumerate(form.guests(run)):
        rated = [*guest.likes, *guest.dislikes]
        questions = next_questions(run, [], rated, _QUESTIONS) if len(rated) < _ENOUGH_RATINGS else []
        query = form.q[number].strip() if number < len(form.q) else ""
        hits = [row for row in run.search.find(query, _SEARCH_HITS) if run.ids[row] not in rated] if query else []
        members.append(
            NightMember(
                guest.name,
                movie_cards(run, questions),
                guest=number,
                likes=cards(guest.likes),
                dislikes=cards(guest.dislikes),
                query=query,
                hits=tuple(movie_cards(run, hits)),
            )
        )
    return members


def _plan(context: PageContext, form: MovieNightForm, names: list[str]) -> tuple[Night | None, str]:
    """The movie night, if there are at least two members; or an error in a sentence."""
    duplicates = [name for name in names if names.count(name) > 1]
    if duplicates:
        return None, context.gettext("Two people are called {name}. Give one of them another name.", name=duplicates[0])
    if len(names) > MAX_MEMBERS:
        return None, context.gettext("A movie night is for eight people at most.")
    if len(names) < 2:
        return None, ""
    request = form.to_request(context.run, context.language)
    try:
        return operations.plan_movie_night(context.state, context.run, signed_in_user(context), request), ""
    except NotFoundError:
        return None, context.gettext("No movie matches all of that and is new to everyone. Loosen a filter.")


def _night_movies(context: PageContext, night: Night) -> list[dict[str, Any]]:
    """The movies of a night, as the template shows them."""
    catalogue, language = context.run.engine.movies, context.language
    return [
        {
            "card": movie_cards(context.run, [movie.row])[0],
            "minutes": _minutes(context, movie),
            "sentence": describe_movie(movie, language),
            "satisfactions": [
                (satisfaction, describe_satisfaction(satisfaction, catalogue, language)[:_DESCRIBED_REASONS])
                for satisfaction in movie.satisfactions
            ],
        }
        for movie in night.movies
    ]


def _minutes(context: PageContext, movie: NightMovie) -> int | None:
    movies = context.run.engine.movies
    return movies["runtime"][movie.row] if "runtime" in movies.columns else None
