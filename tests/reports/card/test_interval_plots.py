from matinee.reports.card.interval_plots import axis, common_scale, interval_plot
from matinee.reports.charts import round_scale
from matinee.reports.schema import Figure

FIGURES = [Figure(0.1, 0.08, 0.13), Figure(0.2, 0.17, 0.24), Figure(0.05, 0.05, 0.05)]


def test_a_higher_value_is_further_right_inside_its_whisker() -> None:
    scale = common_scale(FIGURES, from_zero=True)
    low, high, alone = (interval_plot(scale, figure) for figure in FIGURES)
    assert alone.at < low.at < high.at
    assert low.low < low.at < low.high
    assert alone.low == alone.at == alone.high


def test_the_reference_is_on_the_same_scale() -> None:
    scale = common_scale(FIGURES, from_zero=True)
    assert interval_plot(scale, FIGURES[0], FIGURES[1]).reference == interval_plot(scale, FIGURES[1]).at


def test_a_scale_starts_at_zero_only_if_asked() -> None:
    assert common_scale(FIGURES, from_zero=True).low == 0.0
    assert common_scale([Figure(0.91, 0.9, 0.92), Figure(0.96, 0.95, 0.97)], from_zero=False).low > 0.8


def test_ticks_have_just_enough_digits() -> None:
    assert axis(round_scale([0.0, 0.14])).ticks == (
        (0.0, "0.00"),
        (33.33, "0.05"),
        (66.67, "0.10"),
        (100.0, "0.15"),
    )
    assert [text for _, text in axis(round_scale([0.0, 1.0]), as_percent=True, max_ticks=3).ticks] == [
        "0%",
        "50%",
        "100%",
    ]
    assert [text for _, text in axis(round_scale([6.1, 11.6])).ticks] == ["6", "8", "10", "12"]


def test_zero_always_has_a_label_and_no_sign() -> None:
    labels = axis(round_scale([-0.02, 0.13], intervals=6), max_ticks=4)
    assert len(labels.ticks) <= 4
    assert [text for _, text in labels.ticks] == ["0.000", "0.050", "0.100", "0.150"]
