"""Compare: two models side by side for one user, first blind, then by name."""

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Path, Query
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from matinee.errors import ConflictError
from matinee.message import N_
from matinee.service.operations import duels, recommendations
from matinee.service.operations.win_rate import WinRate, win_rate
from matinee.service.schemas.requests import ListQuery
from matinee.service.web.page_context import MenuEntry, PageContext, SignedInPageDep, signed_in_user
from matinee.service.web.views.cards import Card, movie_cards
from matinee.store.duels import Duel, Tally

router = APIRouter(include_in_schema=False)
MENU_ENTRY = MenuEntry(6, "/compare", N_("Compare"))

_LIST_LENGTH = 10  # movies of a list with its model's name

Model = Annotated[str, Field(max_length=200)]
DuelNumber = Annotated[int, Path(ge=1, le=2**53)]


class CompareQuery(BaseModel):
    """The duel to show, and the two models to show by name."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    duel: int | None = Field(default=None, ge=1, le=2**53)
    first: Model = ""
    second: Model = ""


@dataclass(frozen=True)
class DuelResult:
    """The picks between two models, and the win rate of the first."""

    tally: Tally
    estimate: WinRate


@dataclass(frozen=True)
class ComparedList:
    """One list of a duel."""

    side: Literal["left", "right"]
    model: str  # empty until the pick
    cards: list[Card]


@router.get("/compare")
def compare(context: SignedInPageDep, query: Annotated[CompareQuery, Query()]) -> Response:
    """The page."""
    return _page(context, query)


@router.post("/compare/duels")
def start(
    context: SignedInPageDep, first: Annotated[str, Form(max_length=200)] = "", second: str = Form("")
) -> Response:
    """Start a duel between two models by name, or between any two."""
    user = signed_in_user(context)
    if not len(context.state.user_feedback.get(context.run, user.id).history.movies):
        return RedirectResponse("/compare", 303)  # asks for ratings first
    models = (first, second[:200]) if first and second else None
    try:
        duel = duels.start_duel(context.state, context.run, user, models)
    except ConflictError:
        error = context.gettext(
            "These models have the same list for you at the moment. Rate a few more movies, or choose another pair."
        )
        return _page(context, CompareQuery(), error)
    return RedirectResponse(f"/compare?duel={duel.id}", 303)


@router.post("/compare/duels/{number}/pick")
def pick(
    context: SignedInPageDep, number: DuelNumber, picked: Annotated[Literal["left", "right", "neither"], Form()]
) -> Response:
    """Store the pick of a duel, then show the names. A pick cannot be changed."""
    try:
        context.state.store.duels.pick(signed_in_user(context).id, number, picked)
    except ConflictError:
        error = context.gettext("You have already picked. A pick cannot be changed once the names are shown.")
        return _page(context, CompareQuery(duel=number), error)
    return RedirectResponse(f"/compare?duel={number}", 303)


def _page(context: PageContext, query: CompareQuery, error: str = "") -> Response:
    user, store = signed_in_user(context), context.state.store
    models = context.state.compared_models.get(context.run)
    duel = None if query.duel is None else store.duels.get(user.id, query.duel)
    n_ratings = len(context.state.user_feedback.get(context.run, user.id).history.movies)
    is_blind = duel is not None and duel.picked is None  # lists with names would give the models away
    pair = [query.first, query.second] if {query.first, query.second} <= models.keys() else list(models)[:2]
    return context.render(
        "compare.html",
        409 if error else 200,
        title=context.gettext("Compare"),
        models=list(models),
        n_ratings=n_ratings,
        duel=duel,
        sides=[] if duel is None else _sides(context, duel),
        results=[
            DuelResult(tally, win_rate(tally.first_wins, tally.second_wins)) for tally in store.duels.tallies(user.id)
        ],
        pair=pair,
        lists=[] if not n_ratings or is_blind or len(pair) < 2 else _lists(context, pair),
        error=error,
    )


def _sides(context: PageContext, duel: Duel) -> list[ComparedList]:
    """Both lists as they were shown, without movies that have left the catalogue."""
    has_names = duel.picked is not None

    def compared_list(side: Literal["left", "right"], model: str) -> ComparedList:
        rows = [context.run.rows[movie_id] for movie_id in duel.shown[side] if movie_id in context.run.rows]
        return ComparedList(side, model if has_names else "", movie_cards(context.run, rows))

    return [compared_list("left", duel.left_model), compared_list("right", duel.right_model)]


def _lists(context: PageContext, pair: list[str]) -> list[tuple[str, list[tuple[Card, int | None]]]]:
    """Two lists by model, each movie with its rank in the other list, if it is there."""
    models, feedback = context.state.compared_models.get(context.run), context.feedback()
    if feedback is None:
        return []
    request = recommendations.request_for(context.run, feedback, ListQuery(k=_LIST_LENGTH))
    rows = [models[name].top_rows(request) for name in pair]
    return [
        (
            name,
            [
                (card, other.index(row) + 1 if row in other else None)
                for row, card in zip(own, movie_cards(context.run, own), strict=True)
            ],
        )
        for name, own, other in zip(pair, rows, rows[::-1], strict=True)
    ]
