"""Compare: two models held against each other for one person, first blind, then by name."""

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Path, Query
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from matinee.errors import ConflictError
from matinee.service.operations import duels, recommendations
from matinee.service.operations.win_rate import WinRate, win_rate
from matinee.service.schemas.requests import ListQuery
from matinee.service.web.page_context import PageContext, SignedInPageDep, signed_in_user
from matinee.service.web.views.cards import Card, plain
from matinee.store.duels import Duel, Tally

router = APIRouter(include_in_schema=False)

_OPEN = 10  # films of each list, where names are shown

Model = Annotated[str, Field(max_length=200)]
DuelNumber = Annotated[int, Path(ge=1, le=2**53)]


class CompareQuery(BaseModel):
    """Which duel, and which two models by name."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    duel: int | None = Field(default=None, ge=1, le=2**53)
    first: Model = ""
    second: Model = ""


@dataclass(frozen=True)
class DuelResult:
    """A tally in words and as an interval."""

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
def begin(
    context: SignedInPageDep, first: Annotated[str, Form(max_length=200)] = "", second: str = Form("")
) -> Response:
    """Begin a duel, of two models by name or of any two."""
    wanted = (first, second[:200]) if first and second else None
    if not len(context.state.user_feedback.get(context.run, signed_in_user(context).id).history.movies):
        return RedirectResponse("/compare", 303)  # which says what is missing
    try:
        duel = duels.start_duel(context.state, context.run, signed_in_user(context), wanted)
    except ConflictError:
        told = context.gettext(
            "These models have the same list for you just now. Rate some more films, or choose two others."
        )
        return _page(context, CompareQuery(), told)
    return RedirectResponse(f"/compare?duel={duel.id}", 303)


@router.post("/compare/duels/{number}/pick")
def pick(
    context: SignedInPageDep, number: DuelNumber, picked: Annotated[Literal["left", "right", "neither"], Form()]
) -> Response:
    """Decide a duel; then the names are shown. A pick that was made stays as it is."""
    try:
        context.state.store.duels.pick(signed_in_user(context).id, number, picked)
    except ConflictError:
        return _page(
            context,
            CompareQuery(duel=number),
            context.gettext("You have picked already: now that names are shown, it stays."),
        )
    return RedirectResponse(f"/compare?duel={number}", 303)


def _page(context: PageContext, query: CompareQuery, wrong: str = "") -> Response:
    user = signed_in_user(context)
    contenders = context.state.compared_models.get(context.run)
    duel = None if query.duel is None else context.state.store.duels.get(user.id, query.duel)
    rated = len(context.state.user_feedback.get(context.run, user.id).history.movies)
    is_blind = duel is not None and duel.picked is None  # lists with names would tell whose is whose
    pair = [query.first, query.second] if {query.first, query.second} <= contenders.keys() else list(contenders)[:2]
    return context.render(
        "compare.html",
        409 if wrong else 200,
        title=context.gettext("Compare"),
        models=list(contenders),
        rated=rated,
        duel=duel,
        sides=[] if duel is None else _sides(context, duel),
        tallies=[
            DuelResult(one, win_rate(one.first_wins, one.second_wins))
            for one in context.state.store.duels.tallies(user.id)
        ],
        pair=pair,
        lists=[] if not rated or is_blind or len(pair) < 2 else _lists(context, pair),
        wrong=wrong,
    )


def _sides(context: PageContext, duel: Duel) -> list[ComparedList]:
    """Both lists as they were shown; films that are no longer in the catalogue are left out."""
    named = duel.picked is not None

    def side(where: Literal["left", "right"], model: str) -> ComparedList:
        rows = [context.run.rows[one] for one in duel.shown[where] if one in context.run.rows]
        return ComparedList(where, model if named else "", plain(context.run, rows))

    return [side("left", duel.left_model), side("right", duel.right_model)]


def _lists(context: PageContext, pair: list[str]) -> list[tuple[str, list[tuple[Card, int | None]]]]:
    """Two lists by name, each film with its place in the other list if it is there."""
    contenders, feedback = context.state.compared_models.get(context.run), context.feedback()
    if feedback is None:
        return []
    request = recommendations.request_for(context.run, feedback, ListQuery(k=_OPEN))
    rows = [contenders[name].top_rows(request) for name in pair]
    return [
        (
            name,
            [
                (card, other.index(row) + 1 if row in other else None)
                for row, card in zip(own, plain(context.run, own), strict=True)
            ],
        )
        for name, own, other in zip(pair, rows, rows[::-1], strict=True)
    ]
