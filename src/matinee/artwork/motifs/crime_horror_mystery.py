"""Motifs for crime, horror and mystery movies: light cut up by darkness, sharp edges, ways in without a way out."""

from matinee.artwork.palettes import Palette
from matinee.artwork.seeded_random import SeededRandom
from matinee.artwork.shapes import (
    WIDTH,
    Point,
    box,
    disc,
    half_disc,
    lens,
    polygon,
    polygons,
    ring,
    rotate,
)


def blinds(height: int, rng: SeededRandom, palette: Palette) -> str:
    """Light that falls through a blind, slantwise, onto a wall, with a lamp behind it."""
    light, shade, accent = palette.shapes
    n, lean = rng.randint(6, 9), rng.uniform(50, 110) * (1 if rng.coin() else -1)
    pitch = height / n
    slats: list[list[Point]] = []
    for slat in range(n):
        top = slat * pitch + 0.14 * pitch
        bottom = top + pitch * (0.3 + 0.45 * slat / n)
        left, right = 70 - lean * (0.5 - top / height), 250 - lean * (0.5 - top / height)
        drift = lean * (bottom - top) / height
        slats.append([(left, top), (right, top), (right + drift, bottom), (left + drift, bottom)])
    x = rng.uniform(110, 200)
    return (
        disc(x + lean / 3, height * rng.uniform(0.3, 0.6), min(height * 0.24, 68), accent)
        + polygons(slats, light)
        + box(x, 0, rng.uniform(10, 16), height, shade if rng.coin() else palette.ground)
    )


def hanging_bars(height: int, rng: SeededRandom, palette: Palette) -> str:
    """Uneven bars let down from above, one of another colour: after Saul Bass, 1955."""
    light, shade, accent = palette.shapes
    n = rng.randint(5, 7)
    slot = WIDTH / n
    red, grey = rng.randint(1, n - 2), rng.randint(0, n - 1)
    drawn = ""
    for bar in range(n):
        left = bar * slot + rng.uniform(2, 9)
        right = (bar + 1) * slot - rng.uniform(2, 9)
        end = height * (rng.uniform(0.75, 0.96) if bar == red else rng.uniform(0.25, 0.85))
        corners = [(left, 0), (right, 0), (right - rng.uniform(0, 8), end), (left + rng.uniform(0, 8), end - 12)]
        drawn += polygon(corners, accent if bar == red else shade if bar == grey else light)
    return drawn


def street_lamp(height: int, rng: SeededRandom, palette: Palette) -> str:
    """A figure in a cone of light, with a long shadow."""
    light, shade, accent = palette.shapes
    x, floor = rng.uniform(95, 205), height - 34
    spread = rng.uniform(85, 105)
    feet = x + rng.uniform(-45, 45)
    shadow = feet + (feet - x) * 1.4 + (24 if feet > x else -24)
    tall = rng.uniform(70, 95)
    return (
        polygon([(x, 0), (x + spread, floor), (x - spread, floor)], light)
        + box(0, floor, WIDTH, 34, shade)
        + polygon(
            [(x - spread, floor), (x + spread, floor), (x + spread * 1.25, height), (x - spread * 1.25, height)], light
        )
        + polygon([(feet - 6, floor), (feet + 6, floor), (shadow + 16, height), (shadow - 16, height)], palette.ground)
        + box(feet - 6, floor - tall, 12, tall, palette.ground)
        + disc(feet, floor - tall - 4, 9, accent)
    )


def teeth(height: int, rng: SeededRandom, palette: Palette) -> str:
    """Two rows of points that nearly meet."""
    first, second, accent = palette.shapes
    n = rng.randint(4, 6)
    pitch = WIDTH / n
    upper = [
        [(pitch * i, 0), (pitch * (i + 1), 0), (pitch * (i + 0.5), height * rng.uniform(0.4, 0.7))] for i in range(n)
    ]
    lower = [
        [(pitch * (i - 0.5), height), (pitch * (i + 0.5), height), (pitch * i, height * rng.uniform(0.42, 0.72))]
        for i in range(n + 1)
    ]
    eye = pitch * rng.randint(1, n - 1)
    return polygons(upper, first) + polygons(lower, second) + disc(eye, height * 0.16, min(pitch * 0.16, 11), accent)


def doors(height: int, rng: SeededRandom, palette: Palette) -> str:
    """One doorway behind another, and light in the last."""
    first, second, accent = palette.shapes
    x, lean, n = rng.uniform(110, 190), rng.uniform(-9, 9), rng.randint(3, 4)
    drawn = ""
    for door in range(n):
        half, top = 104 * (1 - door / (n + 0.6)), height * (0.02 + 0.62 * door / (n + 0.6))
        corners = [(x - half, height), (x - half * 0.86 + lean, top), (x + half * 0.86 + lean, top), (x + half, height)]
        drawn += polygon(corners, (first, palette.ground, second, palette.ground)[door % 4])
    slit, top = rng.uniform(4, 9), height * 0.62
    return drawn + polygon(
        [(x - slit, height), (x - slit + lean / 2, top), (x + slit + lean / 2, top), (x + slit, height)], accent
    )


def drips(height: int, rng: SeededRandom, palette: Palette) -> str:
    """Drops that run down from the edge."""
    first, second, accent = palette.shapes
    n = rng.randint(6, 9)
    slot = WIDTH / n
    long = rng.randint(1, n - 2)
    drawn = box(0, 0, WIDTH, height * 0.16, first)
    for drip in range(n):
        length = height * (0.86 if drip == long else rng.uniform(0.22, 0.66))
        drawn += box(
            drip * slot + slot * 0.14, -20, slot * 0.72, length + 20, second if drip % 3 == 1 else first, slot * 0.36
        )
    return drawn + disc((long + 0.5) * slot, height * 0.86 - slot * 0.36, slot * 0.17, accent)


def eye(height: int, rng: SeededRandom, palette: Palette) -> str:
    """One large eye that looks past you."""
    first, second, accent = palette.shapes
    y, thick = height / 2, min(height * 0.62, 150)
    look = rng.uniform(-34, 34)
    lids = "".join(
        lens(150, y, 250 + 44 * lid, thick + 40 * lid, 0, first if lid % 2 else palette.ground) for lid in (2, 1)
    )
    return (
        box(0, 0, WIDTH, height, second)
        + lids
        + lens(150, y, 250, thick, 0, palette.ground)
        + disc(150 + look, y, thick * 0.4, accent)
        + rotate(lens(150 + look, y, thick * 0.62, thick * 0.16, 0, palette.ground), 90, 150 + look, y)
    )


def labyrinth(height: int, rng: SeededRandom, palette: Palette) -> str:
    """Rings, each open on a different side."""
    first, second, accent = palette.shapes
    x, y = 150 + rng.uniform(-40, 40), height / 2
    n, step = 6, min(height, 290) / 13
    drawn = ""
    for circle in range(n, 0, -1):
        around = 6.283 * circle * step
        gap = around * (0.1 if circle > 2 else 0.2)
        dash = f' stroke-dasharray="{around - gap:.0f} {gap:.0f}"'
        colour = second if circle % 3 == 0 else first
        drawn += rotate(ring(x, y, circle * step, step * 0.5, colour, dash), rng.randint(0, 35) * 10, x, y)
    return drawn + disc(x, y, step * 0.42, accent)


def keyhole(height: int, rng: SeededRandom, palette: Palette) -> str:
    """A keyhole and the view through it."""
    first, second, accent = palette.shapes
    x, size = rng.uniform(115, 185), min(height, 280) / 10
    y = height / 2 - size * 1.3
    skirt = [(x - size * 0.8, y), (x + size * 0.8, y), (x + size * 2, y + size * 5.4), (x - size * 2, y + size * 5.4)]
    side = 0 if rng.coin() else 180
    return (
        box(0, 0, x, height, first)
        + disc(x, y, size * 2.1, palette.ground)
        + polygon(skirt, palette.ground)
        + half_disc(x, y, size * 1.5, side, accent)
        + half_disc(x, y, size * 1.5, 180 - side, second)
        + box(x - size * 0.25, y + size * 2, size * 0.5, size * 2.7, second)
    )


def turning_squares(height: int, rng: SeededRandom, palette: Palette) -> str:
    """Squares in squares, each rotated a little further."""
    first, second, accent = palette.shapes
    x, y = 150 + rng.uniform(-25, 25), height / 2
    twist, side = rng.uniform(7, 13) * (1 if rng.coin() else -1), max(height * 1.02, 260)
    drawn = ""
    for square in range(9):
        half = side / 2 * 0.8**square
        colour = (first, palette.ground)[square % 2] if square < 6 else (second, palette.ground)[square % 2]
        drawn += rotate(box(x - half, y - half, 2 * half, 2 * half, colour), twist * square, x, y)
    return drawn + disc(x, y, side / 2 * 0.8**10, accent)
