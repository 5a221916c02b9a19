from matinee.evaluation.report_card.boards import board, kinds_of, panels, slice_boards
from matinee.evaluation.report_card.reading import read_report
from matinee.evaluation.report_card.verdict import verdict_of
from tests.evaluation.report_card.sample import measure, sample_report


def test_the_board_marks_where_popularity_stands() -> None:
    whole = board(read_report(sample_report()), "ndcg@10", "hr@10", "en")
    popularity = next(row for row in whole.rows if row.model.name == "popularity")
    assert popularity.strip is not None
    assert whole.bar == popularity.strip.at
    assert whole.beside == "Hit rate@10"
    assert popularity.beside is not None
    assert popularity.beside[1] == "0.089"


def test_models_that_are_level_with_the_leader_are_marked_even_a_baseline() -> None:
    report = sample_report()
    report["comparisons"][2]["p"] = 0.4
    read = read_report(report)
    verdict = verdict_of(read)
    assert verdict is not None
    kinds = {
        "blend": "leader",
        "slist": "level",
        "ease": "plain",
        "popularity": "level",
        "random": "baseline",
    }
    assert kinds_of(read, verdict) == kinds


def test_panels_hold_the_same_models_so_that_their_rows_line_up() -> None:
    report = sample_report()
    report["models"][2]["metrics"].pop("novelty@10")
    coverage, novelty = panels(read_report(report), "en")  # nobody measured diversity
    assert (coverage.label, novelty.label) == ("Coverage@10", "Novelty@10")
    assert [row.model.name for row in coverage.rows] == [row.model.name for row in novelty.rows]
    assert [row.strip is None for row in novelty.rows] == [False, False, True, False, False]
    assert coverage.rows[0].text == "25%"


def test_slices_draw_each_model_beside_its_own_result_for_everyone() -> None:
    report = sample_report()
    del report["models"][0]["slices"]
    report["models"][4]["slices"]["tail movies"] = {
        "about": "",
        "users": 7,
        "metrics": {"hr@10": measure(0.1)},
    }
    cold = slice_boards(read_report(report), "ndcg@10", "en")  # nobody has NDCG for tail movies
    assert [(one.label, one.users) for one in cold] == [("Cold users", 240)]
    assert [row.model.name for row in cold[0].rows] == ["blend", "slist", "ease", "popularity"]
    for row in cold[0].rows:
        assert row.strip is not None
        assert row.strip.mark is not None
        assert row.strip.at < row.strip.mark  # half as good as for everyone


def test_a_report_without_lengths_of_list_has_no_panels() -> None:
    assert panels(read_report({"models": []}), "en") == []
