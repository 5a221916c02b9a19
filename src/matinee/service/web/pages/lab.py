"""Lab: how good the models are and how sure that is, what it costs, and what the run that serves was made from."""

import json
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from matinee.errors import InputError
from matinee.service.operations import reports as operations
from matinee.service.operations.genre_overlap import FILMS, genre_overlap
from matinee.service.operations.reports import Report
from matinee.service.web.markdown import rendered
from matinee.service.web.page_context import PageContext, PageDep
from matinee.service.web.views import lab_charts

router = APIRouter(include_in_schema=False)

_TOLD = ("ndcg", "hr", "recall", "coverage", "novelty", "diversity", "rmse", "mae")
_OVERLAPS = 6  # films told one by one
T = TypeVar("T")


class LabQuery(BaseModel):
    """Which metric to draw."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    metric: str = Field(default="", max_length=40)


@router.get("/lab")
def lab(context: PageDep, query: Annotated[LabQuery, Query()]) -> Response:
    """The page."""
    run, settings = context.run, context.state.settings
    report, wrong_report = _read(lambda: operations.report_of(settings, run))
    own, _ = _read(lambda: operations.own_report(run))
    dials, wrong_dials = _read(lambda: operations.dials_of(settings, run))
    sources = run.paths
    return context.render(
        "lab.html",
        title=context.gettext("Lab"),
        report=report,
        wrong=[one for one in (wrong_report, wrong_dials) if one],
        dials=dials,
        price=None if dials is None else lab_charts.price_of_diversity(dials),
        curves=[] if own is None else lab_charts.curves(own),
        overlap=genre_overlap(run),
        overlap_films=FILMS,
        overlaps=_overlaps(context),
        runs=operations.runs_beside(run, (sources.run, sources.stars, sources.content, *settings.compare)),
        this=_this_run(context),
        card=None if run.card is None else rendered(run.card),
        **({} if report is None else _measured(report, query.metric)),
    )


def _measured(report: Report, wanted: str) -> dict[str, Any]:
    shortest = report.protocol.k[0]
    offered = [name for one in _TOLD for name in (f"{one}@{shortest}", one) if name in report.metrics]
    metric = wanted if wanted in offered else report.headline
    return {
        "metric": metric,
        "offered": offered,
        "strips": lab_charts.strips(report, metric),
        "costs": lab_charts.seconds_against(report, report.headline),
    }


def _overlaps(context: PageContext) -> list[tuple[str, float, float]]:
    """Titles with the share of their likest films that share a genre, and chance."""
    found = genre_overlap(context.run)
    titles = context.run.engine.movies["title"]
    return [] if found is None else [(titles[one.row], one.alike, one.chance) for one in found.films[:_OVERLAPS]]


def _this_run(context: PageContext) -> dict[str, Any]:
    """What the run says of itself; settings as JSON, which is how they are kept."""
    told, data = context.run.run_settings, context.run.run_settings["data"]
    config = told.get("config") or {}
    return {
        "version": str(told.get("version", "")),
        "data": str(data.get("name", "")),
        "ratings": data.get("ratings"),
        "users": data.get("users"),
        "config": [(name, json.dumps(value, ensure_ascii=False)) for name, value in config.items()],
    }


def _read(work: Callable[[], T]) -> tuple[T | None, str]:
    """What there is to read, or what is wrong with it."""
    try:
        return work(), ""
    except InputError as error:
        return None, str(error)
