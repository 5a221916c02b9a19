"""The model card of a run as Markdown: what it learned from, its figures and its limits."""

from matinee.reports.metrics import LEADERBOARD
from matinee.reports.schema import BASELINES, ModelReport, Report


def model_card(report: Report, name: str) -> str:
    """Write the card of the model called `name` in `report`, with the baselines beside it."""
    protocol = report.protocol
    model = next(model for model in report.models if model.name == name)
    settings = "\n".join(f"- `{key}` = {value!r}" for key, value in model.settings.items()) or "- none"
    return f"""# {name}

{model.description[:1].upper()}{model.description[1:]}.

- Learned from **{protocol.dataset}** (fingerprint `{protocol.fingerprint}`), {protocol.users:,} users and
  {protocol.movies:,} movies. The run holds the catalogue and the weights, but no ratings.
- Matinee {protocol.version}, {protocol.date}.

## How good it is

Measured on the split `{protocol.split}`: {protocol.description}. {protocol.tested_users:,} users, the whole
catalogue ranked, earlier movies left out, ties counted against the model; {protocol.interval}. These figures are for
the same settings fitted without the test ratings. The weights in this folder learned from all ratings.

{_table(report, name)}

Fitting took {model.fit_seconds:.1f} s on {protocol.machine.processor}.{_solver(model)}

## Settings

{settings}

## What it cannot do

- It learned what users *rated*, in the order they rated it, which is not what they would have enjoyed most.
- It cannot recommend a movie without ratings unless the model scores movies without ratings.
"""


def _solver(model: ModelReport) -> str:
    return f"\nSolver: {'; '.join(map(str, model.solver))}." if model.solver else ""


def _table(report: Report, name: str) -> str:
    models = [model for model in report.models if model.name in (name, *BASELINES)]
    keys = [metric.key(report.cutoffs[0]) for metric in LEADERBOARD]
    keys = [key for key in keys if any(key in model.metrics for model in models)]
    lines = [f"| metric | {' | '.join(model.name for model in models)} |", "|---|" + "---|" * len(models)]
    lines += [f"| {key} | {' | '.join(_cell(model, key) for model in models)} |" for key in keys]
    return "\n".join(lines)


def _cell(model: ModelReport, key: str) -> str:
    figure = model.metrics.get(key)
    return "-" if figure is None else f"{figure.value:.3f} ({figure.low:.3f} to {figure.high:.3f})"
