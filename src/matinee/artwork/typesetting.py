"""Setting text without a font at hand: how wide it will be, about, and in which lines and size a title fits.

Widths are those of Georgia Bold or wider, which no serif face but the very widest exceeds, so a title fits in whatever
face the reader has.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

SIZES = (132, 104, 88, 76, 66, 57, 50, 44, 39, 34, 30, 26, 23, 20, 18)
_TRIED = 3  # sizes, to find one without a short word alone in its line
_SHORT = 0.34  # of the longest line
_BREAKING_SIZE = 30  # a word that does not fit a line in this size is broken
LONGEST = 160  # letters of a title that are set; what is longer ends in an ellipsis

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
_KINDS = {"Lu": 0.82, "Ll": 0.68, "Mc": 0.35, "Mn": 0.0, "Me": 0.0, "Cf": 0.0, "Nd": 0.7, "So": 1.35}
_OTHER = 0.7
_CLOSING = set("、。，．！？：；·ー々」』）】》〉”’…」)]!?,.:;")
_OPENING = set("「『（【《〈“‘([")
_JOINER, _SELECTOR = "\u200d", "\ufe0f"
# Between lines: scripts that hang from a bar or rise and fall need more room.
_TALL_SCRIPTS = ("ARABIC", "DEVANAGARI", "BENGALI", "TAMIL", "TELUGU", "THAI", "KHMER", "MYANMAR", "TIBETAN")


@dataclass(frozen=True)
class Lettering:
    """A title as it is set."""

    lines: tuple[str, ...]
    size: int
    leading: int  # from one baseline to the next

    @property
    def height(self) -> int:
        """From the top of the first line's capitals to the bottom of the last line's descenders, about."""
        return self.leading * (len(self.lines) - 1) + self.size if self.lines else 0


@dataclass(frozen=True)
class _Piece:
    """What must stay together in a line."""

    text: str
    width: float  # in units of the size
    gap: float  # of the space before it; 0 where a line may be broken without one


def set_title(title: str, width: float, height: float, largest: int = SIZES[0]) -> Lettering:
    """The title in as few and as large letters as fit a box, its lines about equally long.

    A little smaller is better than a short word alone in its line, unless it is the first. Words too long for a
    readable size are broken; lines for which the box is too low are left out.
    """
    shortened = _shortened(title)
    pieces = [part for piece in _pieces(shortened) for part in _broken(piece, width / _BREAKING_SIZE)]
    leading = _leading(shortened)
    fitting: list[Lettering] = []
    for size in SIZES:
        if size > largest or any(piece.width * size > width for piece in pieces):
            continue
        lines = _lines(pieces, width / size)
        if (len(lines) - 1) * round(size * leading) + size <= height:
            fitting.append(Lettering(_balanced(pieces, width / size, len(lines)), size, round(size * leading)))
            if len(fitting) == _TRIED or not _is_ragged(fitting[-1].lines):
                return fitting[0] if _is_ragged(fitting[-1].lines) else fitting[-1]
    if fitting:
        return fitting[0]
    size = SIZES[-1]
    lines = _lines(pieces, width / size)
    room = 1 + int((height - size) / round(size * leading))
    return Lettering(tuple(lines[:room]), size, round(size * leading))


def fitted(text: str, width: float, size: float) -> str:
    """The text itself if it is at most `width` wide, else its beginning with an ellipsis."""
    if text_width(text) * size <= width:
        return text
    kept = ""
    for cluster in _clusters(text):
        if text_width(f"{kept}{cluster}…") * size > width:
            break
        kept += cluster
    return f"{kept.rstrip(' ,')}…"


def text_width(text: str) -> float:
    """How wide a text is, about, in units of its size."""
    return sum(map(_cluster_width, _clusters(text)))


def is_right_to_left(text: str) -> bool:
    """Whether the first letter that has a direction is Arabic, Hebrew or the like."""
    for letter in text:
        direction = unicodedata.bidirectional(letter)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False


def printable(text: str) -> str:
    """Without what no XML document may hold and what turns the direction of other text; white space is one space."""
    kept = (" " if letter.isspace() else letter for letter in text if _is_kept(letter))
    return " ".join("".join(kept).split())


def _is_kept(letter: str) -> bool:
    if unicodedata.category(letter) in ("Cc", "Cs", "Cn", "Co"):
        return letter.isspace()
    return letter in (_JOINER, "\u200c") or unicodedata.category(letter) != "Cf"


def _shortened(title: str) -> str:
    return title if len(title) <= LONGEST else f"{title[: LONGEST - 1].rstrip()}…"


def _leading(title: str) -> float:
    names = {unicodedata.name(letter, "").partition(" ")[0] for letter in title}
    if names.intersection(_TALL_SCRIPTS):
        return 1.45
    return 1.2 if any(_is_wide(letter) for letter in title) else 1.04


def _pieces(title: str) -> Iterator[_Piece]:
    """Words, and in Chinese and Japanese single letters with the punctuation that belongs to them."""
    space = _WIDTHS[" "]
    for word in title.split():
        gap, text = space, ""
        for cluster in _clusters(word):
            if text and _may_break(text[-1], cluster[0]):
                yield _Piece(text, text_width(text), gap)
                gap, text = 0.0, ""
            text += cluster
        yield _Piece(text, text_width(text), gap)


def _may_break(before: str, after: str) -> bool:
    if after in _CLOSING or before in _OPENING:
        return False
    return _is_ideograph(before) or _is_ideograph(after) or before in "—–"


def _is_ideograph(letter: str) -> bool:
    """Han and kana: written without spaces, so a line may end after nearly any of them. Hangul has spaces."""
    return _is_wide(letter) and unicodedata.category(letter) == "Lo" and not "\uac00" <= letter <= "\ud7a3"


def _is_ragged(lines: tuple[str, ...]) -> bool:
    """Whether a line after the first is far shorter than the longest."""
    widths = [text_width(line) for line in lines]
    return len(widths) > 1 and min(widths[1:]) < _SHORT * max(widths)


def _lines(pieces: list[_Piece], width: float) -> list[str]:
    """As many pieces in each line as fit; `width` in units of the size."""
    lines: list[str] = []
    text, used = "", 0.0
    for piece in pieces:
        if text and used + piece.gap + piece.width > width:
            lines.append(text)
            text, used = "", 0.0
        gap = piece.gap if text else 0.0
        text += f"{' ' if gap else ''}{piece.text}"
        used += gap + piece.width
    return [*lines, text] if text else lines


def _balanced(pieces: list[_Piece], width: float, n_lines: int) -> tuple[str, ...]:
    """The same number of lines, in the narrowest column that takes them: no word is left alone at the end."""
    low, high = max((piece.width for piece in pieces), default=0.0), width
    for _ in range(6):
        middle = (low + high) / 2
        low, high = (low, middle) if len(_lines(pieces, middle)) <= n_lines else (middle, high)
    return tuple(_lines(pieces, high))


def _broken(piece: _Piece, width: float) -> Iterator[_Piece]:
    """The piece itself if it fits a line, else parts that do, with hyphens where the script has them."""
    if piece.width <= width:
        yield piece
        return
    gap, text = piece.gap, ""
    for cluster in _clusters(piece.text):
        hyphen = "-" if cluster.lower() != cluster.upper() else ""  # Latin, Greek, Cyrillic, Armenian
        if text and text_width(f"{text}{cluster}-") > width:
            yield _Piece(text + hyphen, text_width(text + hyphen), gap)
            gap, text = 0.0, ""
        text += cluster
    yield _Piece(text, text_width(text), gap)


def _clusters(text: str) -> Iterator[str]:
    """Letters with the marks on them, emoji with what changes them: what must not be taken apart."""
    if text.isascii():
        yield from text
        return
    cluster = ""
    for letter in text:
        joined = unicodedata.category(letter) in ("Mn", "Mc", "Me") or letter in (_JOINER, _SELECTOR)
        skin = "\U0001f3fb" <= letter <= "\U0001f3ff"
        if cluster and (joined or skin or cluster.endswith(_JOINER)):
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
        return _KINDS["So"]
    return sum(map(_letter_width, cluster))


def _letter_width(letter: str) -> float:
    known = _WIDTHS.get(letter)
    if known is not None:
        return known
    kind = unicodedata.category(letter)
    if _is_wide(letter) and kind not in ("So", "Sk"):
        return 1.04
    return _KINDS.get(kind, _OTHER)


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"
