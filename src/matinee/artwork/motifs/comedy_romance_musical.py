"""Motifs for comedies, romances and musicals: round shapes that bounce, lean on each other and keep time."""

from math import pi, sin

from matinee.artwork.palettes import Palette
from matinee.artwork.seeded_random import SeededRandom
from matinee.artwork.shapes import (
    WIDTH,
    box,
    curve,
    disc,
    dots,
    half_disc,
    lens,
    number,
    polar,
    polygon,
    ring,
)


def tumbling_halves(height: int, rng: SeededRandom, palette: Palette) -> str:
    """Half discs in rows, each turned a different way."""
    columns = rng.choice((3, 4))
    cell = WIDTH / columns
    rows = int(height / cell)
    top = (height - rows * cell) / 2
    drawn = ""
    for square in range(rows * columns):
        x, y = (square % columns + 0.5) * cell, top + (square // columns + 0.5) * cell
        drawn += half_disc(x, y, cell / 2, rng.choice((0, 90, 180, 270)), rng.choice(palette.shapes))
    return drawn


def seesaw(height: int, rng: SeededRandom, palette: Palette) -> str:
    """A plank on a ball, with one side too heavy."""
    first, second, accent = palette.shapes
    x, ball, tilt = rng.uniform(125, 175), min(height * 0.23, 62), rng.uniform(10, 17) * (1 if rng.coin() else -1)
    y = height - 2 * ball - 7
    down, up = polar(x, y, 128 if tilt > 0 else -128, tilt), polar(x, y, -128 if tilt > 0 else 128, tilt)
    plank = [
        polar(px, py, 7, tilt + side) for (px, py), sides in ((down, (90, -90)), (up, (-90, 90))) for side in sides
    ]
    scale = min(height / 240, 1.15)
    big, small = scale * rng.uniform(32, 40), scale * rng.uniform(15, 20)
    bx, by = polar(*down, -big if tilt > 0 else big, tilt)
    sx, sy = polar(*up, small if tilt > 0 else -small, tilt)
    lift = rng.uniform(8, max(10, sy - 2 * small - 20) * 0.5)
    return (
        disc(x, height - ball, ball, first)
        + polygon(plank, accent)
        + disc(bx, by - big - 6, big, second)
        + disc(sx, sy - small - 7 - lift, small, first)
    )


def wobbling_heap(height: int, rng: SeededRandom, palette: Palette) -> str:
    """A tall, unsteady pile of balls."""
    colours = rng.shuffled(palette.shapes)
    y, x, drawn, radius, ball = float(height), rng.uniform(120, 180), "", min(height * 0.25, 66), 0
    side = 1 if rng.coin() else -1
    while y > 26 and ball < 7:
        radius = min(radius, (y - 4) / 2)
        drawn += disc(x, y - radius, radius, colours[ball % 3])
        y -= 2 * radius - 1
        x += side * radius * rng.uniform(0.1, 0.42)
        radius *= rng.uniform(0.6, 0.9)
        side, ball = -side, ball + 1
    return drawn


def odd_one_out(height: int, rng: SeededRandom, palette: Palette) -> str:
    """A tidy pattern of dots, one of them out of line."""
    first, second, accent = palette.shapes
    columns = rng.choice((5, 6))
    pitch = WIDTH / columns
    rows = int(height / pitch)
    top = (height - rows * pitch) / 2 + pitch / 2
    colour = first if rng.coin() else second
    drawn = "".join(dots(top + row * pitch, pitch * 0.32, pitch, pitch / 2, colour) for row in range(rows))
    x, y = (rng.randint(1, columns - 2) + 0.5) * pitch, top + rng.randint(0, rows - 2) * pitch
    return drawn + disc(x, y, pitch * 0.36, palette.ground) + disc(x + pitch / 2, y + pitch / 2, pitch * 0.42, accent)


def overlap(height: int, rng: SeededRandom, palette: Palette) -> str:
    """Two discs and their intersection."""
    first, second, accent = palette.shapes
    radius = min(height * 0.37, 92)
    apart, angle = radius * rng.uniform(0.45, 0.75), rng.choice((0, 0, 30, -30, 18, -18))
    x, y = 150, height / 2
    (x1, y1), (x2, y2) = polar(x, y, -apart, angle), polar(x, y, apart, angle)
    thick, length = 2 * (radius - apart), 2 * (radius**2 - apart**2) ** 0.5
    return disc(x1, y1, radius, first) + disc(x2, y2, radius, second) + lens(x, y, length, thick, angle + 90, accent)


def leaves(height: int, rng: SeededRandom, palette: Palette) -> str:
    """Leaves in pairs on two stems that lean towards each other."""
    first, second, accent = palette.shapes
    n = max(3, round(height / 62))
    drawn = ""
    for side, colour in ((-1, first), (1, second)):
        for leaf in range(n):
            y = height - (leaf + 0.4) * height / n
            x = 150 + side * (22 + 30 * sin(pi * (leaf + 0.5) / n))
            drawn += lens(x + side * 34, y, 92, 34, -side * 32, colour)
    return drawn + disc(150, height * rng.uniform(0.2, 0.34), rng.uniform(17, 25), accent)


def ribbons(height: int, rng: SeededRandom, palette: Palette) -> str:
    """Two ribbons from opposite sides that cross once."""
    first, second, accent = palette.shapes
    n, thick = rng.randint(2, 3), rng.uniform(9, 13)
    gap = thick * 1.6
    swing = min(height * 0.34, 100)
    x, y = 150, height / 2
    drawn = ""
    for side, colour in ((1, first), (-1, second)):
        for strand in range(n):
            shift = (strand - (n - 1) / 2) * gap
            start, end = y - side * swing + shift, y + side * swing + shift
            path = f"M-20 {number(start)}H20C130 {number(start)} 170 {number(end)} 280 {number(end)}H320"
            drawn += curve(path, thick, colour)
    return drawn + disc(x, y, gap * n * 0.62, accent)


def equaliser(height: int, rng: SeededRandom, palette: Palette) -> str:
    """Bars that rise and fall in time, with a note on some of them."""
    first, second, accent = palette.shapes
    n = rng.choice((7, 9, 10))
    slot, phase, tempo = WIDTH / n, rng.uniform(0, 6.2), rng.uniform(0.6, 1.3)
    drawn = ""
    for bar in range(n):
        tall = height * (0.46 + 0.26 * sin(phase + bar * tempo) + rng.uniform(-0.1, 0.1))
        drawn += box(bar * slot + 2, height - tall, slot - 4, tall, second if bar % 3 == 1 else first)
        if bar % 2 == 0:
            drawn += disc((bar + 0.5) * slot, height - tall - slot * 0.52, slot * 0.4, accent)
    return drawn


def record(height: int, rng: SeededRandom, palette: Palette) -> str:
    """A record, half off the sheet."""
    first, second, accent = palette.shapes
    radius = min(height * rng.uniform(0.72, 0.9), 215)
    x, y = rng.choice((60, 110, 190, 240)) + rng.uniform(-15, 15), radius + 10
    drawn = disc(x, y, radius, first)
    groove = radius - 12
    while groove > radius * 0.46:
        drawn += ring(x, y, groove, rng.choice((1.5, 1.5, 3, 5)), palette.ground)
        groove -= rng.uniform(8, 15)
    label = radius * 0.38
    turn = rng.choice((45, 135, 225, 315))
    return drawn + disc(x, y, label, second) + half_disc(x, y, label, turn, accent) + disc(x, y, 8, palette.ground)


def staves(height: int, rng: SeededRandom, palette: Palette) -> str:
    """Five lines that swing, and the notes on them."""
    first, second, accent = palette.shapes
    swing, pitch = height * rng.uniform(0.14, 0.24) * (1 if rng.coin() else -1), min(height / 9, 26)
    drawn = ""
    for line in range(5):
        y = height / 2 + (line - 2) * pitch
        bend = f"C90 {number(y - swing * 1.6)} 210 {number(y + swing * 1.6)} 310 {number(y - swing)}"
        drawn += curve(f"M-10 {number(y + swing)}{bend}", 2.5, first)
    for note in range(6):
        share = (note + 0.5) / 6
        # The point of the Bezier curve above at parameter `share`.
        rest = 1 - share
        wave = swing * (rest**3 - 4.8 * rest**2 * share + 4.8 * rest * share**2 - share**3)
        x = -10 * rest**3 + 270 * rest**2 * share + 630 * rest * share**2 + 310 * share**3
        y = height / 2 + wave + (rng.randint(0, 4) - 2) * pitch
        drawn += disc(x, y, pitch * rng.choice((0.46, 0.46, 0.8)), accent if note % 3 == 2 else second)
    return drawn
