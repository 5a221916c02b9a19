from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.artwork.typesetting import (
    SIZES,
    fitted,
    is_right_to_left,
    printable,
    set_title,
    text_width,
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
def test_titles_fit_in_the_widest_of_serif_faces(title: str) -> None:
    """Measured in DejaVu Serif Bold, wider than any face a reader is likely to have: at most a tenth too wide."""
    matplotlib = pytest.importorskip("matplotlib")
    fonts = pytest.importorskip("PIL.ImageFont")
    set_ = set_title(title, WIDTH, HEIGHT)
    face = fonts.truetype(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSerif-Bold.ttf", set_.size)
    assert max(face.getlength(line) for line in set_.lines) <= 1.1 * WIDTH


@pytest.mark.parametrize("title", TITLES)
def test_no_letter_is_lost_and_the_box_is_kept(title: str) -> None:
    set_ = set_title(title, WIDTH, HEIGHT)
    assert words_of(set_.lines).replace("-", "") == "".join(title.split()).replace("-", "")
    assert set_.height <= HEIGHT
    assert all(text_width(line) * set_.size <= WIDTH for line in set_.lines)


def test_short_titles_are_large_and_long_ones_small() -> None:
    sizes = [set_title(title, WIDTH, HEIGHT).size for title in ("M", "Heat", "The Godfather", TITLES[8])]
    assert sizes[0] == SIZES[0]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) == 4
    assert set_title("M", WIDTH, HEIGHT, largest=88).size == 88


def test_no_short_word_stands_alone_if_a_little_smaller_helps() -> None:
    assert set_title("Breakfast at Tiffany's", WIDTH, HEIGHT).lines == ("Breakfast", "at Tiffany's")
    assert set_title("The Fly", WIDTH, HEIGHT).lines == ("The", "Fly")  # the first may


def test_words_of_an_unreadable_length_are_hyphenated() -> None:
    lines = set_title("Supercalifragilisticexpialidocious", WIDTH, HEIGHT)
    assert lines.size == 30
    assert lines.lines[0].endswith("-")
    assert not set_title("Mooz-lum", WIDTH, HEIGHT).lines[1:]  # short ones are not broken even at their own hyphens


def test_chinese_and_japanese_break_between_letters_but_not_before_punctuation() -> None:
    assert set_title("花样年华", WIDTH, HEIGHT).lines == ("花样", "年华")
    for line in set_title("卧虎藏龙：一个关于江湖、爱情、命运与自由的很长很长的故事", WIDTH, HEIGHT).lines:
        assert line[0] not in "：、"
    assert set_title("살인의 추억", WIDTH, HEIGHT).lines == ("살인의", "추억")  # Korean has spaces


def test_marks_stay_with_their_letters() -> None:
    family = "👨‍👩‍👧"
    assert text_width(family) == pytest.approx(1.35)
    lines = set_title(f"{'न्या' * 30} {family}", WIDTH, HEIGHT).lines
    assert all(not line.startswith(("्", "ा", "\u200d")) for line in lines)
    assert lines[-1].endswith(family)


def test_what_no_box_can_hold_ends_in_an_ellipsis() -> None:
    set_ = set_title("word " * 200, WIDTH, HEIGHT)
    assert set_.height <= HEIGHT
    assert set_.lines[-1].endswith("…")


def test_nothing_to_set() -> None:
    assert set_title("", WIDTH, HEIGHT).lines == ()
    assert set_title("", WIDTH, HEIGHT).height == 0


def test_a_line_that_is_too_long_is_cut() -> None:
    assert fitted("Michael Mann", 200, 14) == "Michael Mann"
    cut = fitted("Claude Nuridsany, Marie Pérennou", 120, 14)
    assert cut.endswith("…")
    assert text_width(cut) * 14 <= 120
    assert fitted("abc", 1, 14) == "…"


@pytest.mark.parametrize(
    ("text", "backwards"),
    [("Heat", False), ("طعم گیلاس", True), ("ואלס עם באשיר", True), ("2001", False), ("12 קופים", True), ("", False)],
)
def test_the_direction_is_that_of_the_first_letter(text: str, backwards: bool) -> None:
    assert is_right_to_left(text) == backwards


@pytest.mark.parametrize(
    ("given_", "kept"),
    [
        ("He\x00at\x07", "Heat"),
        ("Heat\n\t (1995) ", "Heat (1995)"),
        ("safe\u202eevil", "safeevil"),  # would turn round what follows
        ("\ud800Heat\uffff", "Heat"),
        ("👨\u200d👩", "👨\u200d👩"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_only_what_can_be_printed_is_kept(given_: str, kept: str) -> None:
    assert printable(given_) == kept


@given(st.text(max_size=300), st.integers(60, 300), st.integers(30, 300))
def test_any_text_fits_any_box(text: str, width: int, height: int) -> None:
    set_ = set_title(printable(text), width, height)
    assert set_.height <= max(height, SIZES[-1])
    assert all(line.strip() for line in set_.lines)
    widest = max((text_width(line) for line in set_.lines), default=0)
    assert widest * set_.size <= width + 1.5 * SIZES[-1]  # one emoji may be wider than the box
