"""Motifs for dramas, documentaries and movies without a known genre: few shapes, much space."""

from math import atan2, degrees

from matinee.artwork.palettes import Palette
from matinee.artwork.seeded_random import SeededRandom
from matinee.artwork.shapes import (
    WIDTH,
    Point,
    box,
    disc,
    dots,
    half_disc,
    polar,
    polygon,
    quarter_disc,
    ring,
    rotate,
)


def halftone(height: int, rng: SeededRandom, palette: Palette) -> str:
    """A grey that fades in or out, as in a printed photograph."""
    first, _, accent = palette.shapes
    pitch, down = rng.choice((20, 25)), rng.coin()
    rows = int(height / (pitch * 0.87)) + 1
    drawn = ""
    for row in range(rows):
        share = row / (rows - 1)
        radius = pitch * (0.06 + 0.48 * (share if down else 1 - share))
        drawn += dots((row + 0.5) * pitch * 0.87, radius, pitch, pitch / 2 if row % 2 else 0, first)
    return drawn + disc(rng.uniform(80, 220), height * (0.3 if down else 0.7), min(height * 0.16, 42), accent)


def contours(height: int, rng: SeededRandom, palette: Palette) -> str:
    """The lines of a map around a summit."""
    first, second, accent = palette.shapes
    x, y = rng.uniform(60, 240), height * rng.uniform(0.55, 0.7)
    drift, drop, n = rng.uniform(-7, 7), rng.uniform(0, 5), 11
    step = (y - 6) / n + drop
    drawn = ""
    for line in range(n, 0, -1):
        thick = 5 if line % 5 == 0 else 2
        colour = second if line % 5 == 0 else first
        drawn += ring(x + drift * line, y + drop * line, step * line - thick / 2, thick, colour)
    return drawn + disc(x, y, 7, accent)


def contact_sheet(height: int, rng: SeededRandom, palette: Palette) -> str:
    """Frames in rows, one of them selected."""
    first, second, accent = palette.shapes
    columns, gap = 3, 8
    wide = (WIDTH - gap * (columns + 1)) / columns
    high = wide * 0.72
    rows = int((height - gap) / (high + gap))
    top = (height - rows * (high + gap) - gap) / 2 + gap
    chosen = rng.randint(0, rows * columns - 1)
    drawn = ""
    for square in range(rows * columns):
        x, y = gap + square % columns * (wide + gap), top + square // columns * (high + gap)
        drawn += box(x, y, wide, high, first)
        level = rng.uniform(0.4, 0.75)
        drawn += box(x, y + high * level, wide, high * (1 - level), second)
        drawn += disc(
            x + wide * rng.uniform(0.25, 0.75),
            y + high * level * 0.62,
            high * 0.15,
            accent if square == chosen else second,
        )
    return drawn


def nested(height: int, rng: SeededRandom, palette: Palette) -> str:
    """Squares within squares, each lower than the last: after Josef Albers."""
    x, side = 150 + rng.uniform(-14, 14), min(height, 270) - 8
    top = (height - side) / 2
    drawn = ""
    for step, colour in enumerate(palette.shapes):
        inner = side * (1 - 0.29 * step)
        drawn += box(x - inner / 2, top + (side - inner) * 0.78, inner, inner, colour)
    return drawn


def two_planes(height: int, rng: SeededRandom, palette: Palette) -> str:
    """Two planes and a disc across both."""
    first, second, accent = palette.shapes
    radius = min(height * 0.33, 88)
    if rng.coin():
        x, y = rng.uniform(110, 190), height * rng.uniform(0.4, 0.6)
        plane, light, dark = box(0, 0, x, height, first), 0, 180
    else:
        x, y = rng.uniform(100, 200), height * rng.uniform(0.42, 0.58)
        plane, light, dark = box(0, y, WIDTH, height - y, first), 270, 90
    return plane + half_disc(x, y, radius, light, accent) + half_disc(x, y, radius, dark, second)


def stairs(height: int, rng: SeededRandom, palette: Palette) -> str:
    """Stairs with a figure on one step."""
    first, second, accent = palette.shapes
    n, upward = rng.randint(5, 7), rng.coin()
    wide, rise = WIDTH / n, height * 0.66 / n
    points: list[Point] = [(0, height)]
    for step in range(n):
        top = height - (step + 1) * rise
        points += [(step * wide, top), ((step + 1) * wide, top)]
    points.append((WIDTH, height))
    stand = rng.randint(0, n - 1)
    x, y = (stand + 0.5) * wide, height - (stand + 1) * rise
    sunk = [(px, py + rise * 1.6) for px, py in points[1:-1]]
    shade = [(0.0, float(height)), *sunk, (float(WIDTH), float(height))]

    def side(px: float) -> float:
        return px if upward else WIDTH - px

    return (
        polygon([(side(px), py) for px, py in points], first)
        + polygon([(side(px), min(py, height)) for px, py in shade], second)
        + disc(side(x), y - 17, 17, accent)
    )


def window(height: int, rng: SeededRandom, palette: Palette) -> str:
    """A tall window with the moon in it, and its light on the floor."""
    first, second, accent = palette.shapes
    floor, wide = height * 0.7, rng.uniform(112, 138)
    x, lean = rng.uniform(40, 250 - wide), rng.uniform(40, 80) * (1 if rng.coin() else -1)
    middle, sill = x + wide / 2, height * 0.6
    moon = min(wide * 0.2, sill * 0.2)
    return (
        box(0, floor, WIDTH, height - floor, second)
        + box(x, 0, wide, sill, first)
        + polygon([(x + 8, floor), (x + wide - 8, floor), (x + wide + lean, height), (x + lean, height)], first)
        + disc(middle + rng.choice((-0.25, 0.25)) * wide, sill * rng.uniform(0.3, 0.6), moon, accent)
        + box(middle - 3, 0, 6, sill, palette.ground)
    )


def two_figures(height: int, rng: SeededRandom, palette: Palette) -> str:
    """Two figures that stand apart, with their shadows."""
    first, second, accent = palette.shapes
    floor = height * rng.uniform(0.66, 0.74)
    left, right = rng.uniform(50, 110), rng.uniform(190, 250)
    tall = height * rng.uniform(0.44, 0.56)
    lean = rng.uniform(40, 70) * (1 if rng.coin() else -1)
    drawn = box(0, floor, WIDTH, height - floor, first)
    for x, high, colour in ((left, tall, second), (right, tall * rng.uniform(0.66, 1.05), accent)):
        drawn += polygon(
            [(x - 9, floor), (x + 9, floor), (x + 9 + lean, height), (x - 9 + lean, height)], palette.ground
        )
        drawn += box(x - 9, floor - high, 18, high, colour)
    return drawn


def slope(height: int, rng: SeededRandom, palette: Palette) -> str:
    """A slope, and a figure that pushes a ball up it."""
    first, second, accent = palette.shapes
    low, high = height * rng.uniform(0.84, 0.94), height * rng.uniform(0.3, 0.5)
    radius = min(height * rng.uniform(0.14, 0.2), 46)
    angle = degrees(atan2(low - high, WIDTH))
    x = radius * 2.1 + rng.uniform(22, 70)
    foot = low - (low - high) * x / WIDTH
    ball = polar(x, foot, radius, -90 - angle)
    push = polar(x - radius * 2.1, low - (low - high) * (x - radius * 2.1) / WIDTH, 0, 0)
    drawn = polygon([(0, low), (WIDTH, high), (WIDTH, height), (0, height)], first) + disc(*ball, radius, accent)
    pushing = rotate(box(push[0] - 6, push[1] - radius * 1.5, 12, radius * 1.5, second), 14 - angle, *push)
    return drawn + pushing


def bands(height: int, rng: SeededRandom, palette: Palette) -> str:
    """Bands in the colours of the palette, as on the cover of a programme."""
    y, drawn, n = 0.0, "", 0
    while y < height:
        thick = rng.choice((10, 18, 30, 46))
        drawn += box(0, y, WIDTH, thick, palette.shapes[n % 3])
        y += thick + rng.choice((8, 14, 22))
        n += 1
    return drawn


def quarters(height: int, rng: SeededRandom, palette: Palette) -> str:
    """Quarter discs, each in a different corner of its square than the one before."""
    cell, drawn, corner = 100, "", 0
    rows = max(1, height // cell)
    other, accent = rng.shuffled(range(3 * rows))[:2]
    for square in range(3 * rows):
        left, top = square % 3 * cell, height - (square // 3 + 1) * cell
        corner = (corner + rng.randint(1, 3)) % 4
        colour = palette.shapes[1 if square == other else 2 if square == accent else 0]
        drawn += quarter_disc(
            left + cell * (corner in (1, 2)), top + cell * (corner in (2, 3)), cell + 0.4, 90 * corner, colour
        )
    return drawn
