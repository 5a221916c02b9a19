from matinee.evaluation.report_card.page import page_of
from matinee.evaluation.report_card.reading import read_report
from tests.evaluation.report_card.sample import measure, sample_report


def test_the_ticket_holds_what_is_known() -> None:
    report = sample_report()
    del report["protocol"]["tested_users"]
    facts = dict(page_of(read_report(report), "en")["facts"])
    assert facts == {
        "Data": "ml-100k",
        "Movies to choose from": "1,682",
        "Hidden ratings": "943",
        "Split": "leave-last",
        "Measured": "22 November 2026",
    }


def test_two_auditoriums_or_one_where_popularity_leads() -> None:
    report = sample_report()
    houses = page_of(read_report(report), "en")["houses"]
    assert [(state.model.name, state.found, state.tries, state.interval) for state in houses] == [
        ("blend", 23, 100, "21–26"),
        ("popularity", 9, 100, "8–10"),
    ]
    report["models"][1]["metrics"]["ndcg@10"] = measure(0.5)
    assert [state.model.name for state in page_of(read_report(report), "en")["houses"]] == ["popularity"]


def test_guessed_ratings_get_their_own_board_best_first() -> None:
    report = sample_report()
    report["models"][4]["metrics"]["rmse"] = measure(0.95)
    report["models"][2]["metrics"]["rmse"] = measure(0.9)
    shown = page_of(read_report(report), "en")
    assert [row.model.name for row in shown["stars"].rows] == ["ease", "blend"]
    assert shown["board"].label == "NDCG@10"


def test_the_glossary_holds_only_what_occurs() -> None:
    names = [metric.name for metric in page_of(read_report(sample_report()), "en")["glossary"]]
    assert names == ["ndcg", "hr", "recall", "coverage", "novelty"]


def test_the_command_leaves_out_what_is_unknown() -> None:
    shown = page_of(read_report({"models": [{"name": "my run"}]}), "en")
    assert shown["command"] == "matinee evaluate 'my run' --data PATH --html report.html"
