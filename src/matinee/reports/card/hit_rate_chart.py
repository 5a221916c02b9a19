"""The hit rate as an auditorium: a hundred seats, one per try, lit where the model found the movie."""

from dataclasses import dataclass

SEATS, ROWS, COLUMNS = 100, 10, 10
_PITCH_X, _PITCH_Y, _WIDTH, _SAG = 17.0, 13.0, 6.0, 9.0


@dataclass(frozen=True)
class HitRateChart:
    """Lit and dark seats as SVG path data, in a box of `width` by `height`."""

    lit: str
    dark: str
    n_lit: int
    width: int = 200
    height: int = 168


def hit_rate_chart(share: float) -> HitRateChart:
    """Light `share` (0 to 1) of the seats, row by row from the screen, the middle of each row first."""
    n_lit = round(SEATS * min(max(share, 0.0), 1.0))
    from_middle = sorted(range(COLUMNS), key=lambda column: (abs(column - (COLUMNS - 1) / 2), column))
    seats = [_seat(row, column) for row in range(ROWS) for column in from_middle]
    return HitRateChart("".join(seats[:n_lit]), "".join(seats[n_lit:]), n_lit)


def _seat(row: int, column: int) -> str:
    """Draw one seat as a short stroke; rows bend around the screen and widen towards the back."""
    off_middle = column - (COLUMNS - 1) / 2
    pitch = _PITCH_X * (0.86 + 0.14 * row / (ROWS - 1))
    x = 100 + off_middle * pitch - _WIDTH / 2
    y = 38 + row * _PITCH_Y - _SAG * (off_middle / COLUMNS * 2) ** 2
    return f"M{x:.1f} {y:.1f}h{_WIDTH:g}"
