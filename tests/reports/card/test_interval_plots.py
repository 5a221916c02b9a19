from matinee.evaluation.report_card.reading import Measure
from matinee.evaluation.report_card.scales import linear_scale
from matinee.evaluation.report_card.strips import has_zero, ruler, scale_for, strip

MEASURES = [Measure(0.1, 0.08, 0.13), Measure(0.2, 0.17, 0.24), Measure(0.05)]


def test_a_higher_value_is_drawn_further_right_with_its_whisker_around_it() -> None:
    scale = scale_for(MEASURES, from_zero=True)
    low, high, alone = (strip(scale, one) for one in MEASURES)
    assert alone.at < low.at < high.at
    assert low.low < low.at < low.high
    assert alone.low == alone.at == alone.high


def test_the_number_to_compare_with_is_on_the_same_scale() -> None:
    scale = scale_for(MEASURES, from_zero=True)
    assert strip(scale, MEASURES[0], MEASURES[1]).mark == strip(scale, MEASURES[1]).at


def test_shares_start_at_zero_and_other_numbers_where_they_begin() -> None:
    assert scale_for(MEASURES, from_zero=True).low == 0.0
    assert scale_for([Measure(0.91), Measure(0.96)], from_zero=False).low > 0.8
    assert [has_zero(key) for key in ("ndcg@10", "coverage@20", "novelty@10", "rmse")] == [
        True,
        True,
        False,
        False,
    ]


def test_ticks_are_written_with_just_enough_digits() -> None:
    assert ruler(linear_scale([0.0, 0.14])).ticks == (
        (0.0, "0.00"),
        (33.33, "0.05"),
        (66.67, "0.10"),
        (100.0, "0.15"),
    )
    assert [text for _, text in ruler(linear_scale([0.0, 1.0]), percent=True, most=3).ticks] == [
        "0%",
        "50%",
        "100%",
    ]
    assert [text for _, text in ruler(linear_scale([6.1, 11.6])).ticks] == ["6", "8", "10", "12"]


def test_zero_is_always_written_and_never_negative() -> None:
    marks = ruler(linear_scale([-0.02, 0.13], intervals=6), most=4)
    assert len(marks.ticks) <= 4
    assert [text for _, text in marks.ticks] == ["0.000", "0.050", "0.100", "0.150"]
