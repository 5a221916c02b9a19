import pytest

from matinee.service.web.template_filters import (
    FILTERS,
    half,
    markdown,
    minutes,
    quoted,
    sentence,
    stars,
    translated,
    year,
)


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (5, "5 stars", "5 星"),
        (4.5, "4½ stars", "4.5 星"),
        (1, "1 star", "1 星"),
        (0.5, "½ stars", "0.5 星"),
        (1.5, "1½ stars", "1.5 星"),
    ],
)
def test_stars_have_halves(value: float, english: str, chinese: str) -> None:
    assert stars("en", value) == english
    assert stars("zh", value) == chinese


def test_predictions_are_rounded_to_half_stars() -> None:
    assert [half("en", value) for value in (3.74, 3.76, 4.26, 0.2)] == [3.5, 4.0, 4.5, 0.0]


def test_titles_and_years_follow_the_language() -> None:
    assert quoted("en", "Heat", 1995) == "Heat (1995)"
    assert quoted("zh", "Heat", 1995) == "《Heat》（1995年）"
    assert quoted("zh", "Heat") == "《Heat》"
    assert quoted("en", "Heat", None) == "Heat"
    assert (year("en", None), year("zh", 1995)) == ("", "1995年")


@pytest.mark.parametrize(("value", "english"), [(142, "2 h 22 min"), (120, "2 h"), (59, "59 min"), (0, "0 min")])
def test_runtimes_are_in_hours(value: int, english: str) -> None:
    assert minutes("en", value) == english
    assert minutes("zh", value) == f"{value} 分钟"


def test_reasons_become_sentences() -> None:
    assert sentence("en", "because you liked Heat") == "Because you liked Heat."
    assert sentence("zh", "因为你喜欢《Heat》") == "因为你喜欢《Heat》。"
    assert sentence("en", "") == ""


def test_genres_are_translated() -> None:
    assert translated("zh", "Comedy") == "喜剧片"
    assert translated("en", "Comedy") == "Comedy"
    assert translated("zh", "Giallo") == "Giallo"


def test_shares_are_whole_percents() -> None:
    assert FILTERS["share"]("en", 0.374) == "37%"


def test_markdown_headings_are_below_the_section() -> None:
    html = markdown("en", "# blend\n\n## How good\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- **x** `y`\n")
    assert "<h3>blend</h3>" in html
    assert "<h4>How good</h4>" in html
    assert "<td>1</td>" in html
    assert "<strong>x</strong> <code>y</code>" in html


def test_html_in_markdown_stays_text() -> None:
    html = markdown("en", '<script>alert(1)</script>\n\n<b onclick="x">hi</b>\n\n`<i>`')
    assert "<script" not in html
    assert "<b " not in html
    assert "&lt;script&gt;" in html
    assert "<code>&lt;i&gt;</code>" in html


def test_markdown_links_run_no_scripts_and_load_no_images() -> None:
    html = markdown("en", "[a](javascript:alert(1)) [b](data:text/html,x) ![c](https://elsewhere.example/x.png)")
    assert 'href="javascript' not in html
    assert 'href="data' not in html
    assert "<img" not in html
