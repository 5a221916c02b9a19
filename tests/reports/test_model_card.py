import json
from dataclasses import replace

import pytest

from matinee.evaluation.intervals import Figure
from matinee.evaluation.model_card import model_card, run_documents
from matinee.evaluation.report import ModelReport, Report
from matinee.models.registry import make

MACHINE = {"processor": "Abacus 3000", "cores": 2, "memory_gb": 4.0, "python": "3.11.2"}
PROTOCOL = {
    "split": "leave-last",
    "about": "find the movie each user rated last",
    "dataset": "ml-100k",
    "fingerprint": "0123456789abcdef",
    "users": 943,
    "movies": 1682,
    "tested_users": 1943,
    "k": [10, 20],
    "interval": "95% bootstrap over users, 1,000 resamples",
    "date": "2026-11-22",
    "version": "0.1.0",
    "machine": MACHINE,
}


def judged(name: str, value: float, **others: float) -> ModelReport:
    metrics = {"hr@10": value, "ndcg@10": value / 2, "hr@20": 0.987, **others}
    figures = {metric: Figure(one, one - 0.01, one + 0.01) for metric, one in metrics.items()}
    return ModelReport(name, "a model of plain making", figures, {}, 1.25, 0.5, 100.0, {"ridge": 500.0, "kind": "a"})


@pytest.fixture
def report() -> Report:
    models = [
        judged("random", 0.01),
        judged("popularity", 0.1),
        judged("ease", 0.3, rmse=0.9),
        judged("slist", 0.4),
    ]
    return Report(PROTOCOL, models)


def test_the_card_says_what_was_learned_from_and_how_it_was_measured(report: Report) -> None:
    card = model_card(report, "ease")
    assert card.startswith("# ease\n\nA model of plain making.\n")
    for said in ("ml-100k", "0123456789abcdef", "943 users", "1,682 movies", "`leave-last`", "1,943 users"):
        assert said in card
    for said in (
        "find the movie each user rated last",
        "95% bootstrap over users",
        "1.2 s on Abacus 3000",
        "2026-11-22",
    ):
        assert said in card


def test_figures_stand_beside_the_floors_and_nobody_else(report: Report) -> None:
    rows = [line for line in model_card(report, "ease").splitlines() if line.startswith("|")]
    assert rows == [
        "| metric | random | popularity | ease |",
        "|---|---|---|---|",
        "| hr@10 | 0.010 (0.000 to 0.020) | 0.100 (0.090 to 0.110) | 0.300 (0.290 to 0.310) |",
        "| ndcg@10 | 0.005 (-0.005 to 0.015) | 0.050 (0.040 to 0.060) | 0.150 (0.140 to 0.160) |",
        "| rmse | - | - | 0.900 (0.890 to 0.910) |",
    ]


def test_a_floor_has_a_card_with_itself_once(report: Report) -> None:
    assert "| metric | random | popularity |\n" in model_card(report, "popularity")


def test_every_setting_is_listed(report: Report) -> None:
    card = model_card(report, "ease")
    assert "- `ridge` = 500.0\n- `kind` = 'a'\n" in card
    bare = replace(report, models=[replace(one, settings={}) for one in report.models])
    assert "## Settings\n\n- none\n" in model_card(bare, "ease")


def test_capitals_of_the_description_stay(report: Report) -> None:
    named = replace(report, models=[replace(one, about="reads TMDB with a CNN") for one in report.models])
    assert "\nReads TMDB with a CNN.\n" in model_card(named, "ease")


def test_a_run_keeps_the_curve_of_what_was_trained_and_draws_it(report: Report) -> None:
    model = make("ease")
    documents = run_documents(report, "ease", model)
    assert documents.keys() == {"metrics.json", "MODEL_CARD.md"}
    assert "curve" not in json.loads(documents["metrics.json"])
    model.curve = [{"epoch": 0, "loss": 2.0}, {"epoch": 1, "loss": 1.0}]
    documents = run_documents(report, "ease", model)
    assert json.loads(documents["metrics.json"])["curve"] == model.curve
    assert documents["curves.png"].startswith(b"\x89PNG")
