"""Lab: the quality of the models with its uncertainty, its cost, and the origin of the served run."""

import json
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from matinee.errors import InputError
from matinee.message import N_
from matinee.reports.metrics import METRICS, NDCG, metric_description, metric_label
from matinee.reports.schema import Report
from matinee.service.operations import reports as operations
from matinee.service.operations.genre_overlap import N_MOVIES, genre_overlap
from matinee.service.web.page_context import MenuEntry, PageContext, PageDep
from matinee.service.web.views import lab_charts

router = APIRouter(include_in_schema=False)
MENU_ENTRY = MenuEntry(7, "/lab", N_("Lab"))

_LISTED_OVERLAPS = 6  # movies in the table of genre overlap
T = TypeVar("T")


class LabQuery(BaseModel):
    """The metric of the leaderboard."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    metric: str = Field(default="", max_length=40)


@router.get("/lab")
def lab(context: PageDep, query: Annotated[LabQuery, Query()]) -> Response:
    """Show the page."""
    run, settings = context.run, context.state.settings
    report, report_error = _try_loading(lambda: operations.load_report(settings, run))
    run_report, _ = _try_loading(lambda: operations.load_run_report(run))
    tradeoff, tradeoff_error = _try_loading(lambda: operations.load_tradeoff(settings, run))
    served = (run.paths.run, run.paths.rating_run, run.paths.content_run, *settings.compare)
    return context.render(
        "lab.html",
        title=context.gettext("Lab"),
        report=report,
        errors=[error for error in (report_error, tradeoff_error) if error],
        tradeoff=tradeoff,
        tradeoff_chart=None if tradeoff is None else lab_charts.tradeoff_chart(tradeoff),
        ndcg=NDCG,
        label=lambda key: metric_label(key, context.language),
        curves=[] if run_report is None else lab_charts.training_curves(run_report),
        overlap=genre_overlap(run),
        n_overlap_movies=N_MOVIES,
        overlaps=_overlaps(context),
        runs=operations.list_runs(run, served),
        info=run.info,
        config=[(name, json.dumps(value, ensure_ascii=False)) for name, value in run.info.config.items()],
        **({} if report is None else _leaderboard(context, report, query.metric)),
    )


def _leaderboard(context: PageContext, report: Report, requested: str) -> dict[str, Any]:
    """Build the leaderboard by the requested metric, if it is one of the report, else by the lead metric."""
    keys = [metric.key(report.cutoffs[0]) for metric in METRICS if metric.leaderboard]
    offered = [key for key in keys if key in report.metrics]
    lead = report.lead or ""
    key = requested if requested in offered else lead
    return {
        "metric": key,
        "lead": lead,
        "description": metric_description(key, context.language),
        "offered": offered,
        "rows": lab_charts.metric_rows(report, key),
        "seconds_chart": lab_charts.seconds_chart(report, lead),
    }


def _overlaps(context: PageContext) -> list[tuple[str, float, float]]:
    """List titles with the share of their most similar movies that share a genre, and that of random movies."""
    overlap = genre_overlap(context.run)
    titles = context.run.engine.movies["title"]
    movies = [] if overlap is None else overlap.movies[:_LISTED_OVERLAPS]
    return [(titles[movie.row], movie.similar_share, movie.random_share) for movie in movies]


def _try_loading(load: Callable[[], T]) -> tuple[T | None, str]:
    """Load a file, or return the error about it."""
    try:
        return load(), ""
    except InputError as error:
        return None, str(error)
