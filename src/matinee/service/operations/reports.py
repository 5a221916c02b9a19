"""The files of measurements that the lab shows: reports of evaluations, trade-off curves, and the runs of a folder."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from matinee.errors import InputError, RunError
from matinee.models.runs import METRICS_FILE, is_run, load_run_info
from matinee.reports.schema import Figure, Report, TradeoffCurves, load_json
from matinee.service.settings import Settings
from matinee.service.state.served_run import ServedRun

REPORT_FILE, TRADEOFF_FILE = "report.json", "tradeoff.json"  # looked for beside the run's folder
_MAX_RUNS = 50


def load_report(settings: Settings, run: ServedRun) -> Report | None:
    """Load the report from the settings, else the one beside the run's folder, else the run's own.

    Raises `InputError` for a file with other content.
    """
    path = settings.report or run.paths.run.parent / REPORT_FILE
    if settings.report is not None or path.is_file():
        return Report.from_json(load_json(path), str(path))
    return load_run_report(run)


def load_run_report(run: ServedRun) -> Report | None:
    """Load the report that the served run holds. Raises `InputError` for other content."""
    if run.metrics is None:
        return None
    return Report.from_json(run.metrics, str(run.paths.run / METRICS_FILE))


def load_tradeoff(settings: Settings, run: ServedRun) -> TradeoffCurves | None:
    """Load the curves from the settings, else those beside the run's folder. Raises `InputError`."""
    path = settings.tradeoff or run.paths.run.parent / TRADEOFF_FILE
    if settings.tradeoff is None and not path.is_file():
        return None
    return TradeoffCurves.from_json(load_json(path), str(path))


@dataclass(frozen=True)
class RunSummary:
    """One run of a folder of runs."""

    folder: str  # its name only: the path stays private
    model: str
    data: str
    fingerprint: str
    trained: str  # ISO 8601
    split: str  # of its evaluation; empty without one
    metric: str
    figure: Figure | None
    is_served: bool


def list_runs(run: ServedRun, served: Sequence[Path | None]) -> list[RunSummary]:
    """Summarize the served run and those in the same folder, newest first. Unreadable runs are skipped."""
    served_folders = {folder.resolve() for folder in served if folder is not None}
    folders = sorted(path for path in run.paths.run.resolve().parent.iterdir() if is_run(path))[:_MAX_RUNS]
    summaries = [_summarize(folder, folder in served_folders) for folder in folders]
    return sorted(
        (summary for summary in summaries if summary is not None), key=lambda summary: summary.trained, reverse=True
    )


def _summarize(folder: Path, is_served: bool) -> RunSummary | None:
    try:
        info = load_run_info(folder)
    except RunError:
        return None
    split, metric, figure = "", "", None
    try:
        report = Report.from_json(load_json(folder / METRICS_FILE))
        model = report.model(info.model)
        split, metric = report.protocol.split, report.lead or ""
        figure = None if model is None else model.metrics.get(metric)
    except InputError:
        pass  # a run need not have a report
    data = info.data
    return RunSummary(
        folder.name, info.model, data.name, data.fingerprint, info.trained, split, metric, figure, is_served
    )
