import pytest

from matinee.service.web.template_filters import genre, half, minutes, sentence, share, stars, title, year


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
def test_stars_are_told_in_halves(value: float, english: str, chinese: str) -> None:
    assert stars("en", value) == english
    assert stars("zh", value) == chinese


def test_predictions_are_rounded_as_people_speak() -> None:
    assert [half("en", value) for value in (3.74, 3.76, 4.26, 0.2)] == [3.5, 4.0, 4.5, 0.0]


def test_titles_and_years_are_written_as_each_language_does() -> None:
    assert title("en", "Heat", 1995) == "Heat (1995)"
    assert title("zh", "Heat", 1995) == "《Heat》（1995年）"
    assert title("zh", "Heat") == "《Heat》"
    assert title("en", "Heat", None) == "Heat"
    assert (year("en", None), year("zh", 1995)) == ("", "1995年")


@pytest.mark.parametrize(("value", "english"), [(142, "2 h 22 min"), (120, "2 h"), (59, "59 min"), (0, "0 min")])
def test_lengths_are_in_hours(value: int, english: str) -> None:
    assert minutes("en", value) == english
    assert minutes("zh", value) == f"{value} 分钟"


def test_reasons_become_sentences() -> None:
    assert sentence("en", "because you liked Heat") == "Because you liked Heat."
    assert sentence("zh", "因为你喜欢《Heat》") == "因为你喜欢《Heat》。"
    assert sentence("en", "") == ""


def test_genres_have_names_in_both_languages_and_unknown_ones_stay() -> None:
    assert genre("zh", "Comedy") == "喜剧片"
    assert genre("en", "Comedy") == "Comedy"
    assert genre("zh", "Giallo") == "Giallo"


def test_shares_are_whole_percents() -> None:
    assert share("en", 0.374) == "37%"
