"""The model card of a run: what it is, what it learned from, how good it was, what it cannot do."""

import json
from importlib.util import find_spec

from matinee.evaluation.report import ModelReport, Report
from matinee.models.recommender import Recommender
from matinee.training.curves import draw_curves

_SHOWN = ("hr", "ndcg", "recall", "coverage", "novelty", "diversity")


def run_documents(report: Report, name: str, model: Recommender) -> dict[str, bytes]:
    """What is kept beside the weights, by file name: the figures, the card and, if it was trained, its curves.

    `model` is what `report` judged as `name`. Curves are drawn where matplotlib is there to do it.
    """
    figures = report.to_json() | ({"curve": list(model.curve)} if model.curve else {})
    documents = {
        "metrics.json": (json.dumps(figures, indent=2, ensure_ascii=False) + "\n").encode(),
        "MODEL_CARD.md": model_card(report, name).encode(),
    }
    if model.curve and find_spec("matplotlib") is not None:
        documents["curves.png"] = draw_curves(model.curve, model.best_epoch)
    return documents


def model_card(report: Report, name: str) -> str:
    """The card of the model called `name` in `report`, as Markdown, with its floors beside it."""
    protocol = report.protocol
    model = next(one for one in report.models if one.name == name)
    settings = "\n".join(f"- `{key}` = {value!r}" for key, value in model.settings.items()) or "- none"
    return f"""# {name}

{model.about[:1].upper()}{model.about[1:]}.

- Learned from **{protocol["dataset"]}** (fingerprint `{protocol["fingerprint"]}`), {protocol["users"]:,} users and
  {protocol["movies"]:,} movies. The run holds the catalogue and what was learned, nobody's ratings.
- Matinee {protocol["version"]}, {protocol["date"]}.

## How good it is

Measured on the split `{protocol["split"]}`: {protocol["about"]}. {protocol["tested_users"]:,} users, the whole
catalogue ranked, earlier movies left out, ties counted against the model; {protocol["interval"]}. These figures are of
the same settings fitted without the test ratings; the weights in this folder learned from all ratings.

{_table(report, name)}

Fitting took {model.fit_seconds:.1f} s on {protocol["machine"]["processor"]}.{_covers(model)}

## Settings

{settings}

## What it cannot do

- It learned what people *rated*, in the order they rated it, which is not what they would have enjoyed most.
- A movie without ratings is out of its reach unless the model says it places new movies.
"""


def _covers(model: ModelReport) -> str:
    return f"\nSolved, {model.covers}." if model.covers else ""


def _table(report: Report, name: str) -> str:
    k = report.protocol["k"][0]
    wanted = [one for one in report.models if one.name in (name, "random", "popularity")]
    metrics = [f"{metric}@{k}" for metric in _SHOWN] + ["rmse", "mae"]
    metrics = [metric for metric in metrics if any(metric in model.metrics for model in wanted)]
    lines = [f"| metric | {' | '.join(model.name for model in wanted)} |", "|---|" + "---|" * len(wanted)]
    lines += [f"| {metric} | {' | '.join(_cell(model, metric) for model in wanted)} |" for metric in metrics]
    return "\n".join(lines)


def _cell(model: ModelReport, metric: str) -> str:
    figure = model.metrics.get(metric)
    return "-" if figure is None else f"{figure.value:.3f} ({figure.low:.3f} to {figure.high:.3f})"
