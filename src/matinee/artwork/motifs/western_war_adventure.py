"""Motifs for westerns, war and adventure movies: land, distance, speed and obstacles."""

from matinee.artwork.palettes import Palette
from matinee.artwork.seeded_random import SeededRandom
from matinee.artwork.shapes import (
    WIDTH,
    Point,
    box,
    disc,
    half_disc,
    polar,
    polygon,
    polygons,
    quarter_disc,
    ring,
    rotate,
)


def mesas(height: int, rng: SeededRandom, palette: Palette) -> str:
    """Table mountains before a low sun."""
    first, second, accent = palette.shapes
    drawn = disc(rng.uniform(80, 220), height * 0.42, min(height * 0.3, 74), accent)
    for layer, colour in enumerate((first, second)):
        base = height * (0.55 + 0.2 * layer)
        points: list[Point] = [(0, height), (0, base)]
        x = rng.uniform(-20, 50) + layer * 40
        while x < 260:
            wide, top = rng.uniform(54, 96), base - height * rng.uniform(0.12, 0.26)
            points += [(x, base), (x + 9, top), (x + wide, top), (x + wide + 9, base)]
            x += wide + rng.uniform(46, 84)
        points += [(WIDTH, base), (WIDTH, height)]
        drawn += polygon([(max(px, 0), py) for px, py in points], colour)
    return drawn


def plain(height: int, rng: SeededRandom, palette: Palette) -> str:
    """A wide plain, a sun on the horizon, and a rider."""
    first, second, accent = palette.shapes
    horizon, x = height * rng.uniform(0.42, 0.52), rng.uniform(70, 230)
    drawn = half_disc(x, horizon, min(horizon * 0.86, 100), 270, accent)
    y, thick = horizon, 5.0
    colours = (first, second)
    for stripe in range(8):
        drawn += box(0, y, WIDTH, min(thick, height - y), colours[stripe % 2])
        y += thick
        thick *= 1.48
        if y >= height:
            break
    rider = WIDTH - x
    return drawn + polygon([(rider - 5, horizon), (rider + 5, horizon), (rider, horizon - 26)], second)


def wheel(height: int, rng: SeededRandom, palette: Palette) -> str:
    """A wagon wheel, half off the sheet."""
    first, second, accent = palette.shapes
    radius = min(height * rng.uniform(0.66, 0.8), 175)
    x, y = rng.choice((60, 110, 190, 240)) + rng.uniform(-15, 15), radius + 20
    spokes = rng.choice((10, 12))
    turn = rng.uniform(0, 30)
    beams = [
        [polar(x, y, 20, a - 14), polar(x, y, radius, a - 2.6), polar(x, y, radius, a + 2.6), polar(x, y, 20, a + 14)]
        for a in (turn + 360 / spokes * spoke for spoke in range(spokes))
    ]
    return polygons(beams, second) + ring(x, y, radius, 22, first) + disc(x, y, 36, first) + disc(x, y, 14, accent)


def formation(height: int, rng: SeededRandom, palette: Palette) -> str:
    """Ranks of arrowheads that point one way; one has dropped out."""
    first, second, accent = palette.shapes
    columns = rng.choice((4, 5))
    pitch = WIDTH / columns
    rows = max(2, int(height / (pitch * 0.86)))
    top = (height - rows * pitch * 0.86) / 2
    lost, ranks, drawn = rng.randint(columns, rows * columns - 1), ([], []), ""
    lines: tuple[list[list[Point]], list[list[Point]]] = ranks
    for cell in range(rows * columns):
        x, y = (cell % columns) * pitch, top + (cell // columns) * pitch * 0.86
        corners: list[Point] = [
            (x + pitch * 0.1, y + pitch * 0.78),
            (x + pitch / 2, y + 4),
            (x + pitch * 0.9, y + pitch * 0.78),
        ]
        if cell == lost:
            drawn = rotate(polygon(corners, accent), rng.uniform(120, 200), x + pitch / 2, y + pitch * 0.5)
        else:
            lines[cell // columns % 2].append(corners)
    return polygons(lines[0], first) + polygons(lines[1], second) + drawn


def broken_target(height: int, rng: SeededRandom, palette: Palette) -> str:
    """A target with a quarter broken off."""
    first, second, accent = palette.shapes
    x, y, radius = 150, height / 2, min(height * 0.4, 120)
    drawn = "".join(
        disc(x, y, radius * share, colour)
        for share, colour in ((1, first), (0.74, palette.ground), (0.5, second), (0.24, accent))
    )
    corner = rng.choice((0, 90, 180, 270))
    dx, dy = polar(0, 0, rng.uniform(20, 34), corner + 45)
    drawn += quarter_disc(x, y, radius + 2, corner, palette.ground)
    for share, colour in ((1, first), (0.74, palette.ground), (0.5, second), (0.24, accent)):
        drawn += quarter_disc(x + dx, y + dy, radius * share, corner, colour)
    return drawn


def falling_bars(height: int, rng: SeededRandom, palette: Palette) -> str:
    """Upright bars that fall one after the other."""
    first, second, accent = palette.shapes
    n, forward = 7, rng.coin()
    pitch, tall = WIDTH / n, min(height * 0.8, 230)
    drawn = ""
    for bar in range(n):
        share = bar / (n - 1)
        lean = 62 * share**1.6 * (1 if forward else -1)
        x = (pitch * (bar + 0.4)) if forward else WIDTH - pitch * (bar + 0.4)
        colour = accent if bar == n - 1 else second if bar % 2 else first
        drawn += rotate(box(x - 9, height - tall, 18, tall + 10, colour), lean * 0.66, x, height)
    return drawn


def burst(height: int, rng: SeededRandom, palette: Palette) -> str:
    """Rays from one point, out over every edge."""
    first, second, accent = palette.shapes
    x, y, n = rng.uniform(70, 230), height * rng.uniform(0.35, 0.7), rng.choice((10, 12, 14))
    turn, step = rng.uniform(0, 30), 360 / n
    ranks: tuple[list[list[Point]], list[list[Point]]] = ([], [])
    for ray in range(n):
        start = turn + ray * step
        ranks[ray % 2].append(
            [(x, y), polar(x, y, 480, start), polar(x, y, 480, start + step * rng.uniform(0.35, 0.75))]
        )
    return polygons(ranks[0], first) + polygons(ranks[1], second) + disc(x, y, rng.uniform(26, 40), accent)


def slant(height: int, rng: SeededRandom, palette: Palette) -> str:
    """Slanted bars of different lengths that rise from the left."""
    first, second, accent = palette.shapes
    n, rise = rng.randint(6, 8), height * rng.uniform(0.4, 0.75)
    pitch = (height + rise) / n
    fast = rng.randint(2, n - 3)
    drawn = ""
    for bar in range(n):
        y, thick = bar * pitch - pitch * 0.1, pitch * rng.uniform(0.4, 0.78)
        reach = 320 if bar == fast else rng.uniform(120, 300)
        drop = rise * reach / WIDTH
        colour = accent if bar == fast else second if bar % 3 == 1 else first
        drawn += polygon([(-10, y), (reach, y - drop), (reach, y - drop + thick), (-10, y + thick)], colour)
    return drawn


def peaks(height: int, rng: SeededRandom, palette: Palette) -> str:
    """Mountains with a light and a dark side."""
    first, second, accent = palette.shapes
    drawn = disc(rng.uniform(60, 240), height * 0.24, min(height * 0.14, 34), accent)
    for x in rng.shuffled([40, 150, 262]):
        top, half = height * rng.uniform(0.14, 0.45), rng.uniform(104, 138)
        ridge = x + rng.uniform(-20, 20)
        drawn += polygon([(ridge, top), (x - half, height), (x + 8, height)], second)
        drawn += polygon([(ridge, top), (x + half, height), (x + 8, height)], first)
    return drawn


def chevrons(height: int, rng: SeededRandom, palette: Palette) -> str:
    """Arrowheads in a row."""
    first, second, accent = palette.shapes
    forward, n = rng.coin(), rng.randint(4, 5)
    pitch, depth = WIDTH / (n - 0.6), height * rng.uniform(0.28, 0.4)
    fast = rng.randint(1, n - 2)
    drawn = ""
    for head in range(n + 1):
        x, thick = head * pitch - depth, pitch * rng.uniform(0.4, 0.62)
        points = [
            (x, 0),
            (x + depth, height / 2),
            (x, height),
            (x + thick, height),
            (x + depth + thick, height / 2),
            (x + thick, 0),
        ]
        colour = accent if head == fast else second if head % 2 else first
        drawn += polygon([(px if forward else WIDTH - px, py) for px, py in points], colour)
    return drawn
