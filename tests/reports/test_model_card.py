from dataclasses import replace

import pytest

from matinee.message import Message
from matinee.reports.model_card import model_card
from matinee.reports.schema import Figure, Machine, ModelReport, Protocol, Report

PROTOCOL = Protocol(
    split="leave-last",
    description=Message("find the movie each user rated last"),
    dataset="ml-100k",
    fingerprint="0123456789abcdef",
    users=943,
    movies=1682,
    tested_users=1943,
    k=[10, 20],
    interval=Message("95% bootstrap over users, {resamples:,} resamples", {"resamples": 1000}),
    date="2026-11-22",
    version="0.1.0",
    machine=Machine("Abacus 3000", 2, 4.0, "3.11.2"),
)


def model_report(name: str, value: float, **others: float) -> ModelReport:
    values = {"hr@10": value, "ndcg@10": value / 2, "hr@20": 0.987, **others}
    figures = {key: Figure(value, value - 0.01, value + 0.01) for key, value in values.items()}
    return ModelReport(name, figures, 1.25, 0.5, 100.0, "a simple model", settings={"reg": 500.0, "kind": "a"})


@pytest.fixture
def report() -> Report:
    models = [
        model_report("random", 0.01),
        model_report("popularity", 0.1),
        model_report("ease", 0.3, rmse=0.9),
        model_report("slist", 0.4),
    ]
    return Report(PROTOCOL, models)


def test_the_card_describes_the_data_and_the_measurement(report: Report) -> None:
    card = model_card(report, "ease")
    assert card.startswith("# ease\n\nA simple model.\n")
    for text in ("ml-100k", "0123456789abcdef", "943 users", "1,682 movies", "`leave-last`", "1,943 users"):
        assert text in card
    for text in (
        "find the movie each user rated last",
        "95% bootstrap over users",
        "1.2 s on Abacus 3000",
        "2026-11-22",
    ):
        assert text in card


def test_figures_are_shown_beside_the_baselines_only(report: Report) -> None:
    rows = [line for line in model_card(report, "ease").splitlines() if line.startswith("|")]
    assert rows == [
        "| metric | random | popularity | ease |",
        "|---|---|---|---|",
        "| hr@10 | 0.010 (0.000 to 0.020) | 0.100 (0.090 to 0.110) | 0.300 (0.290 to 0.310) |",
        "| ndcg@10 | 0.005 (-0.005 to 0.015) | 0.050 (0.040 to 0.060) | 0.150 (0.140 to 0.160) |",
        "| rmse | - | - | 0.900 (0.890 to 0.910) |",
    ]


def test_a_baseline_is_on_its_own_card_once(report: Report) -> None:
    assert "| metric | random | popularity |\n" in model_card(report, "popularity")


def test_every_setting_is_listed(report: Report) -> None:
    card = model_card(report, "ease")
    assert "- `reg` = 500.0\n- `kind` = 'a'\n" in card
    bare = replace(report, models=[replace(model, settings={}) for model in report.models])
    assert "## Settings\n\n- none\n" in model_card(bare, "ease")


def test_capitals_of_the_description_stay(report: Report) -> None:
    described = replace(report, models=[replace(model, description="reads TMDB with a CNN") for model in report.models])
    assert "\nReads TMDB with a CNN.\n" in model_card(described, "ease")


def test_the_solver_is_described_if_not_all_movies_were_solved_densely(report: Report) -> None:
    message = Message("ease: the {head:,} most-rated movies densely", {"head": 5000})
    solved = replace(report, models=[replace(model, solver=[message]) for model in report.models])
    assert "\nSolver: ease: the 5,000 most-rated movies densely.\n" in model_card(solved, "ease")
    assert "Solver" not in model_card(report, "ease")
