from matinee.reports.card.page import build_page
from matinee.reports.schema import Report
from tests.reports.card.sample import measure, sample_report

MINIMAL = {
    "protocol": {"split": "", "dataset": "", "movies": 9, "tested_users": 5, "k": [10]},
    "models": [{"name": "my run", "metrics": {}, "fit_seconds": 1}],
}


def test_the_ticket_shows_the_facts_of_the_report() -> None:
    report = sample_report()
    del report["protocol"]["test_ratings"]
    facts = dict(build_page(Report.from_json(report), "en")["facts"])
    assert facts == {
        "Data": "ml-100k",
        "Users tested": "943",
        "Movies to choose from": "1,682",
        "Split": "leave-last",
        "Measured": "22 November 2026",
    }


def test_the_hit_rate_of_popularity_is_shown_unless_it_leads() -> None:
    report = sample_report()
    views = build_page(Report.from_json(report), "en")["hit_rates"]
    assert [(view.name, view.hits, view.tries, view.interval) for view in views] == [
        ("blend", 23, 100, "21–26"),
        ("popularity", 9, 100, "8–10"),
    ]
    report["models"][1]["metrics"]["ndcg@10"] = measure(0.5)
    assert [view.name for view in build_page(Report.from_json(report), "en")["hit_rates"]] == ["popularity"]


def test_predicted_ratings_get_their_own_leaderboard() -> None:
    report = sample_report()
    report["models"][4]["metrics"]["rmse"] = measure(0.95)
    report["models"][2]["metrics"]["rmse"] = measure(0.9)
    page = build_page(Report.from_json(report), "en")
    assert [row.model.name for row in page["rating_errors"].rows] == ["ease", "blend"]
    assert page["leaderboard"].label == "NDCG@10"


def test_the_glossary_explains_only_the_metrics_of_the_report() -> None:
    names = [metric.name for metric in build_page(Report.from_json(sample_report()), "en")["glossary"]]
    assert names == ["ndcg", "hr", "recall", "coverage", "novelty"]


def test_the_command_leaves_out_missing_parts() -> None:
    page = build_page(Report.from_json(MINIMAL), "en")
    assert page["command"] == "matinee evaluate 'my run' --data PATH --k 10 --html report.html"
