from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.artwork.typesetting import (
    SIZES,
    clean_text,
    is_right_to_left,
    lay_out_title,
    text_width,
    truncate,
)

WIDTH, HEIGHT = 256, 190
TITLES = (
    "M",
    "Up",
    "Heat",
    "The Godfather",
    "Breakfast at Tiffany's",
    "Koyaanisqatsi",
    "WWWWWW MMMMMM",
    "GOODWOOD",
    "Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb",
    "Borat: Cultural Learnings of America for Make Benefit Glorious Nation of Kazakhstan",
    "Supercalifragilisticexpialidocious",
    "Броненосец Потёмкин",
)


def words_of(lines: tuple[str, ...]) -> str:
    return "".join("".join(lines).split())


@pytest.mark.parametrize("title", TITLES)
def test_titles_fit_in_the_widest_serif_typeface(title: str) -> None:
    """Measured in DejaVu Serif Bold, wider than any typeface a reader is likely to have: at most a tenth too wide."""
    matplotlib = pytest.importorskip("matplotlib")
    fonts = pytest.importorskip("PIL.ImageFont")
    layout = lay_out_title(title, WIDTH, HEIGHT)
    face = fonts.truetype(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSerif-Bold.ttf", layout.size)
    assert max(face.getlength(line) for line in layout.lines) <= 1.1 * WIDTH


@pytest.mark.parametrize("title", TITLES)
def test_titles_fit_their_box_with_all_letters(title: str) -> None:
    layout = lay_out_title(title, WIDTH, HEIGHT)
    assert words_of(layout.lines).replace("-", "") == "".join(title.split()).replace("-", "")
    assert layout.height <= HEIGHT
    assert all(text_width(line) * layout.size <= WIDTH for line in layout.lines)


def test_short_titles_are_large_and_long_ones_small() -> None:
    sizes = [lay_out_title(title, WIDTH, HEIGHT).size for title in ("M", "Heat", "The Godfather", TITLES[8])]
    assert sizes[0] == SIZES[0]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) == 4
    assert lay_out_title("M", WIDTH, HEIGHT, largest=88).size == 88


def test_a_smaller_size_avoids_a_short_word_alone() -> None:
    assert lay_out_title("Breakfast at Tiffany's", WIDTH, HEIGHT).lines == ("Breakfast", "at Tiffany's")
    assert lay_out_title("The Fly", WIDTH, HEIGHT).lines == ("The", "Fly")  # the first may


def test_very_long_words_are_hyphenated() -> None:
    lines = lay_out_title("Supercalifragilisticexpialidocious", WIDTH, HEIGHT)
    assert lines.size == 30
    assert lines.lines[0].endswith("-")
    assert not lay_out_title("Mooz-lum", WIDTH, HEIGHT).lines[1:]  # short ones are not broken even at their own hyphens


def test_chinese_and_japanese_break_between_characters() -> None:
    assert lay_out_title("花样年华", WIDTH, HEIGHT).lines == ("花样", "年华")
    for line in lay_out_title("卧虎藏龙：一个关于江湖、爱情、命运与自由的很长很长的故事", WIDTH, HEIGHT).lines:
        assert line[0] not in "：、"
    assert lay_out_title("살인의 추억", WIDTH, HEIGHT).lines == ("살인의", "추억")  # Korean has spaces


def test_marks_stay_with_their_letters() -> None:
    family = "👨‍👩‍👧"
    assert text_width(family) == pytest.approx(1.35)
    lines = lay_out_title(f"{'न्या' * 30} {family}", WIDTH, HEIGHT).lines
    assert all(not line.startswith(("्", "ा", "\u200d")) for line in lines)
    assert lines[-1].endswith(family)


def test_titles_too_long_for_the_box_end_in_an_ellipsis() -> None:
    layout = lay_out_title("word " * 200, WIDTH, HEIGHT)
    assert layout.height <= HEIGHT
    assert layout.lines[-1].endswith("…")


def test_an_empty_title_has_no_lines() -> None:
    assert lay_out_title("", WIDTH, HEIGHT).lines == ()
    assert lay_out_title("", WIDTH, HEIGHT).height == 0


def test_a_line_that_is_too_long_is_cut() -> None:
    assert truncate("Michael Mann", 200, 14) == "Michael Mann"
    cut = truncate("Claude Nuridsany, Marie Pérennou", 120, 14)
    assert cut.endswith("…")
    assert text_width(cut) * 14 <= 120
    assert truncate("abc", 1, 14) == "…"


@pytest.mark.parametrize(
    ("text", "right_to_left"),
    [("Heat", False), ("طعم گیلاس", True), ("ואלס עם באשיר", True), ("2001", False), ("12 קופים", True), ("", False)],
)
def test_the_first_letter_decides_the_direction(text: str, right_to_left: bool) -> None:
    assert is_right_to_left(text) == right_to_left


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("He\x00at\x07", "Heat"),
        ("Heat\n\t (1995) ", "Heat (1995)"),
        ("safe\u202eevil", "safeevil"),  # would reverse the text after it
        ("\ud800Heat\uffff", "Heat"),
        ("👨\u200d👩", "👨\u200d👩"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_unprintable_characters_are_removed(text: str, cleaned: str) -> None:
    assert clean_text(text) == cleaned


@given(st.text(max_size=300), st.integers(60, 300), st.integers(30, 300))
def test_any_text_fits_any_box(text: str, width: int, height: int) -> None:
    layout = lay_out_title(clean_text(text), width, height)
    assert layout.height <= max(height, SIZES[-1])
    assert all(line.strip() for line in layout.lines)
    widest = max((text_width(line) for line in layout.lines), default=0)
    assert widest * layout.size <= width + 1.5 * SIZES[-1]  # one emoji may be wider than the box
