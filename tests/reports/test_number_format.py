import pytest

from matinee.reports.number_format import (
    decimal,
    duration,
    interval,
    long_date,
    memory,
    out_of_total,
    p_equation,
    p_value,
    percent,
    setting,
    significant,
)
from matinee.reports.schema import Figure


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (0.0, "< 0.01 s", "< 0.01 秒"),
        (0.03, "0.03 s", "0.03 秒"),
        (0.41, "0.4 s", "0.4 秒"),
        (1.0, "1 s", "1 秒"),
        (31.2, "31 s", "31 秒"),
        (59.7, "1 min", "1 分"),
        (137.0, "2 min 17 s", "2 分 17 秒"),
        (2746.0, "46 min", "46 分"),
        (3599.0, "1 h", "1 小时"),
        (4000.0, "1 h 7 min", "1 小时 7 分"),
    ],
)
def test_seconds_have_readable_units(seconds: float, english: str, chinese: str) -> None:
    assert (duration(seconds, "en"), duration(seconds, "zh")) == (english, chinese)


def test_numbers_have_real_minus_signs_and_no_minus_zero() -> None:
    assert [decimal(-0.0021, 3), decimal(-0.0001, 3), decimal(12345.6, 0)] == ["−0.002", "0.000", "12,346"]


def test_shares_are_rounded_for_readers() -> None:
    assert [percent(0.4023), percent(0.061), percent(0.0), percent(1.0)] == ["40%", "6.1%", "0%", "100%"]
    assert [out_of_total(0.2333), out_of_total(0.0141), out_of_total(0.0), out_of_total(0.03)] == [
        (23, 100),
        (14, 1000),
        (0, 100),
        (3, 100),
    ]


def test_intervals_use_a_dash_only_between_positive_numbers() -> None:
    assert interval(Figure(0.12, 0.11, 0.13), 2, "en") == "0.11–0.13"
    assert interval(Figure(0.0, -0.01, 0.02), 2, "en") == "−0.01 to 0.02"
    assert interval(Figure(0.0, -0.01, 0.02), 2, "zh") == "−0.01 到 0.02"


def test_p_values() -> None:
    assert [p_value(0.0001), p_value(0.0132), p_value(0.31)] == ["< 0.001", "0.013", "0.31"]
    assert [p_equation(0.0001), p_equation(0.31)] == ["p < 0.001", "p = 0.31"]


def test_dates_are_written_in_each_language() -> None:
    assert (long_date("2026-11-22", "en"), long_date("2026-11-22", "zh")) == ("22 November 2026", "2026年11月22日")
    assert long_date("last week", "en") == "last week"


def test_memory_settings_and_significant_digits() -> None:
    assert [memory(812.4), memory(1137.0)] == ["812 MB", "1.1 GB"]
    assert [setting("log"), setting(None), setting([0.6, 0.96]), setting({"名": 1})] == [
        "log",
        "null",
        "[0.6, 0.96]",
        '{"名": 1}',
    ]
    assert significant(0.23329798515376458) == "0.233298"
