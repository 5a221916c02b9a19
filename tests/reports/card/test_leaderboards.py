from matinee.reports.card.leaderboards import leaderboard, panels, slice_leaderboards, styles
from matinee.reports.card.verdict import find_verdict
from matinee.reports.schema import Report
from tests.reports.card.sample import measure, sample_report


def test_the_leaderboard_marks_popularity() -> None:
    board = leaderboard(Report.from_json(sample_report()), "ndcg@10", "hr@10", "en")
    popularity = next(row for row in board.rows if row.model.name == "popularity")
    assert popularity.plot is not None
    assert board.baseline == popularity.plot.at
    assert board.second_label == "Hit rate@10"
    assert popularity.second is not None
    assert popularity.second[1] == "0.089"


def test_models_level_with_the_leader_are_marked_even_a_baseline() -> None:
    content = sample_report()
    content["comparisons"][2]["p"] = 0.4
    report = Report.from_json(content)
    verdict = find_verdict(report)
    assert verdict is not None
    classes = {
        "blend": "leader",
        "slist": "level",
        "ease": "plain",
        "popularity": "level",
        "random": "baseline",
    }
    assert styles(report, verdict) == classes


def test_panels_have_the_same_rows() -> None:
    report = sample_report()
    report["models"][2]["metrics"].pop("novelty@10")
    coverage, novelty = panels(Report.from_json(report), "en")  # no model has diversity
    assert (coverage.label, novelty.label) == ("Coverage@10", "Novelty@10")
    assert [row.model.name for row in coverage.rows] == [row.model.name for row in novelty.rows]
    assert [row.plot is None for row in novelty.rows] == [False, False, True, False, False]
    assert coverage.rows[0].text == "25%"


def test_slices_show_each_model_beside_its_figure_for_all() -> None:
    report = sample_report()
    del report["models"][0]["slices"]
    report["models"][4]["slices"]["tail movies"] = {
        "description": "",
        "users": 7,
        "metrics": {"hr@10": measure(0.1)},
    }
    cold = slice_leaderboards(Report.from_json(report), "ndcg@10", "en")  # tail movies have no NDCG
    assert [(board.label, board.users) for board in cold] == [("Cold users", 240)]
    assert [row.model.name for row in cold[0].rows] == ["blend", "slist", "ease", "popularity"]
    for row in cold[0].rows:
        assert row.plot is not None
        assert row.plot.reference is not None
        assert row.plot.at < row.plot.reference  # half as good as for all
