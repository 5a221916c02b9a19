"""Set text without a font: estimate its width, and find the lines and the size in which a title fits.

Widths are those of Georgia Bold or wider. Only the very widest serif typefaces exceed them, so a title fits in any
typeface that the browser uses.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

SIZES = (132, 104, 88, 76, 66, 57, 50, 44, 39, 34, 30, 26, 23, 20, 18)
_N_CANDIDATES = 3  # sizes to try for one without a short word alone in its line
_SHORT_SHARE = 0.34  # a line with less of the longest line's width is short
_BREAKING_SIZE = 30  # a word that does not fit in a line at this size is broken
MAX_LETTERS = 160  # longer titles end in an ellipsis

_WIDTHS = {
    letter: width
    for letters, width in (
        (" .,:;'|!’‘·", 0.32),
        ('ijl()[]-“”"{}', 0.4),
        ("ftIr1/*", 0.5),
        ("acesvxyzJ?357", 0.6),
        ("bdghknopqu024689$+=<>FLSZ", 0.7),
        ("ABCEKNPRTVXYU", 0.8),
        ("wDGHOQ&%æ", 0.88),
        ("mMW@—Æ", 1.06),
    )
    for letter in letters
}
_CATEGORY_WIDTHS = {"Lu": 0.82, "Ll": 0.68, "Mc": 0.35, "Mn": 0.0, "Me": 0.0, "Cf": 0.0, "Nd": 0.7, "So": 1.35}
_DEFAULT_WIDTH = 0.7
_CLOSING = set("、。，．！？：；·ー々」』）】》〉”’…」)]!?,.:;")
_OPENING = set("「『（【《〈“‘([")
_JOINER, _SELECTOR = "\u200d", "\ufe0f"
# Scripts that hang from a bar, or that rise and fall, need more space between lines.
_TALL_SCRIPTS = ("ARABIC", "DEVANAGARI", "BENGALI", "TAMIL", "TELUGU", "THAI", "KHMER", "MYANMAR", "TIBETAN")


@dataclass(frozen=True)
class TitleLayout:
    """A title divided into lines, with its size."""

    lines: tuple[str, ...]
    size: int
    leading: int  # from one baseline to the next

    @property
    def height(self) -> int:
        """From the top of the first line's capitals to the bottom of the last line's descenders, about."""
        return self.leading * (len(self.lines) - 1) + self.size if self.lines else 0


@dataclass(frozen=True)
class _Chunk:
    """A part of a title that must not be divided."""

    text: str
    width: float  # in units of the size
    gap: float  # width of the space before it; 0 where a line may end without a space


def lay_out_title(title: str, width: float, height: float, largest: int = SIZES[0]) -> TitleLayout:
    """Lay out a title in the largest letters that fit a box, in lines of about equal length.

    A slightly smaller size is preferred to a short word alone in a line other than the first. Words that are too long
    at a readable size are broken. Lines that do not fit the height are left out.
    """
    shortened = _shorten(title)
    chunks = [part for chunk in _chunks(shortened) for part in _hyphenate(chunk, width / _BREAKING_SIZE)]
    leading = _leading(shortened)
    fitting: list[TitleLayout] = []
    for size in SIZES:
        if size > largest or any(chunk.width * size > width for chunk in chunks):
            continue
        lines = _fill_lines(chunks, width / size)
        if (len(lines) - 1) * round(size * leading) + size <= height:
            fitting.append(TitleLayout(_balance(chunks, width / size, len(lines)), size, round(size * leading)))
            if len(fitting) == _N_CANDIDATES or not _is_ragged(fitting[-1].lines):
                return fitting[0] if _is_ragged(fitting[-1].lines) else fitting[-1]
    if fitting:
        return fitting[0]
    size = SIZES[-1]
    lines = _fill_lines(chunks, width / size)
    n_lines = 1 + int((height - size) / round(size * leading))
    return TitleLayout(tuple(lines[:n_lines]), size, round(size * leading))


def truncate(text: str, width: float, size: float) -> str:
    """Cut a text that is wider than `width`, and end it with an ellipsis."""
    if text_width(text) * size <= width:
        return text
    beginning = ""
    for cluster in _clusters(text):
        if text_width(f"{beginning}{cluster}…") * size > width:
            break
        beginning += cluster
    return f"{beginning.rstrip(' ,')}…"


def text_width(text: str) -> float:
    """The approximate width of a text, in units of its size."""
    return sum(map(_cluster_width, _clusters(text)))


def is_right_to_left(text: str) -> bool:
    """True if the first letter with a direction belongs to a script such as Arabic or Hebrew."""
    for letter in text:
        direction = unicodedata.bidirectional(letter)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False


def clean_text(text: str) -> str:
    """Remove characters that XML forbids or that change the direction of other text; join white space."""
    letters = (" " if letter.isspace() else letter for letter in text if _is_printable(letter))
    return " ".join("".join(letters).split())


def _is_printable(letter: str) -> bool:
    if unicodedata.category(letter) in ("Cc", "Cs", "Cn", "Co"):
        return letter.isspace()
    return letter in (_JOINER, "\u200c") or unicodedata.category(letter) != "Cf"


def _shorten(title: str) -> str:
    return title if len(title) <= MAX_LETTERS else f"{title[: MAX_LETTERS - 1].rstrip()}…"


def _leading(title: str) -> float:
    names = {unicodedata.name(letter, "").partition(" ")[0] for letter in title}
    if names.intersection(_TALL_SCRIPTS):
        return 1.45
    return 1.2 if any(_is_wide(letter) for letter in title) else 1.04


def _chunks(title: str) -> Iterator[_Chunk]:
    """Words, and in Chinese and Japanese single characters with the punctuation that belongs to them."""
    space = _WIDTHS[" "]
    for word in title.split():
        gap, text = space, ""
        for cluster in _clusters(word):
            if text and _may_break(text[-1], cluster[0]):
                yield _Chunk(text, text_width(text), gap)
                gap, text = 0.0, ""
            text += cluster
        yield _Chunk(text, text_width(text), gap)


def _may_break(before: str, after: str) -> bool:
    if after in _CLOSING or before in _OPENING:
        return False
    return _is_ideograph(before) or _is_ideograph(after) or before in "—–"


def _is_ideograph(letter: str) -> bool:
    """True for Han and kana, which have no spaces: a line may end after nearly any of them. Hangul has spaces."""
    return _is_wide(letter) and unicodedata.category(letter) == "Lo" and not "\uac00" <= letter <= "\ud7a3"


def _is_ragged(lines: tuple[str, ...]) -> bool:
    """True if a line after the first is far shorter than the longest."""
    widths = [text_width(line) for line in lines]
    return len(widths) > 1 and min(widths[1:]) < _SHORT_SHARE * max(widths)


def _fill_lines(chunks: list[_Chunk], width: float) -> list[str]:
    """Fill each line with as many chunks as fit; `width` is in units of the size."""
    lines: list[str] = []
    text, used = "", 0.0
    for chunk in chunks:
        if text and used + chunk.gap + chunk.width > width:
            lines.append(text)
            text, used = "", 0.0
        gap = chunk.gap if text else 0.0
        text += f"{' ' if gap else ''}{chunk.text}"
        used += gap + chunk.width
    return [*lines, text] if text else lines


def _balance(chunks: list[_Chunk], width: float, n_lines: int) -> tuple[str, ...]:
    """Refill the same number of lines in the narrowest column that holds them, so that their lengths are similar."""
    low, high = max((chunk.width for chunk in chunks), default=0.0), width
    for _ in range(6):
        middle = (low + high) / 2
        low, high = (low, middle) if len(_fill_lines(chunks, middle)) <= n_lines else (middle, high)
    return tuple(_fill_lines(chunks, high))


def _hyphenate(chunk: _Chunk, width: float) -> Iterator[_Chunk]:
    """Divide a chunk that is wider than a line, with hyphens where its script has them."""
    if chunk.width <= width:
        yield chunk
        return
    gap, text = chunk.gap, ""
    for cluster in _clusters(chunk.text):
        hyphen = "-" if cluster.lower() != cluster.upper() else ""  # Latin, Greek, Cyrillic, Armenian
        if text and text_width(f"{text}{cluster}-") > width:
            yield _Chunk(text + hyphen, text_width(text + hyphen), gap)
            gap, text = 0.0, ""
        text += cluster
    yield _Chunk(text, text_width(text), gap)


def _clusters(text: str) -> Iterator[str]:
    """Letters with their marks, and emoji with their modifiers: the units that must not be divided."""
    if text.isascii():
        yield from text
        return
    cluster = ""
    for letter in text:
        is_mark = unicodedata.category(letter) in ("Mn", "Mc", "Me") or letter in (_JOINER, _SELECTOR)
        is_skin_tone = "\U0001f3fb" <= letter <= "\U0001f3ff"
        if cluster and (is_mark or is_skin_tone or cluster.endswith(_JOINER)):
            cluster += letter
            continue
        if cluster:
            yield cluster
        cluster = letter
    if cluster:
        yield cluster


@lru_cache(maxsize=4096)
def _cluster_width(cluster: str) -> float:
    if len(cluster) > 1 and _JOINER in cluster:
        return _CATEGORY_WIDTHS["So"]
    return sum(map(_letter_width, cluster))


def _letter_width(letter: str) -> float:
    width = _WIDTHS.get(letter)
    if width is not None:
        return width
    category = unicodedata.category(letter)
    if _is_wide(letter) and category not in ("So", "Sk"):
        return 1.04
    return _CATEGORY_WIDTHS.get(category, _DEFAULT_WIDTH)


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"
