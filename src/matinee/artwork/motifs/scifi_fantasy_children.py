"""Motifs for science fiction, fantasy and children's movies: other worlds, built from a box of bricks."""

from math import pi, sin

from matinee.artwork.palettes import Palette
from matinee.artwork.seeded_random import SeededRandom
from matinee.artwork.shapes import (
    WIDTH,
    Point,
    box,
    curve,
    disc,
    half_disc,
    number,
    polar,
    polygon,
    polygons,
    ring,
)


def orbits(height: int, rng: SeededRandom, palette: Palette) -> str:
    """A planet at the edge, and the orbits of smaller ones around it."""
    first, second, accent = palette.shapes
    planet = min(height * 0.3, 80)
    x, y = (rng.uniform(-10, 60) if rng.coin() else rng.uniform(240, 310)), height - planet * rng.uniform(0.7, 1)
    step = (y - planet - 8) / 4
    drawn = "".join(ring(x, y, planet + orbit * step, 1.5, second) for orbit in range(1, 5))
    towards = 180 if x > 150 else 0
    for orbit in rng.shuffled([1, 2, 3, 4])[:3]:
        spread = rng.uniform(8, 50)
        px, py = polar(x, y, planet + orbit * step, towards + spread if towards else -spread)
        drawn += disc(px, py, rng.uniform(5, 13), accent if orbit == 2 else first)
    half = half_disc(x, y, planet, rng.choice((60, 120, 240, 300)), second)
    return drawn + disc(x, y, planet, first) + half


def grid_horizon(height: int, rng: SeededRandom, palette: Palette) -> str:
    """A plain with grid lines up to the horizon, and a large sun."""
    first, second, accent = palette.shapes
    horizon, x = height * rng.uniform(0.42, 0.55), rng.uniform(90, 210)
    depth = height - horizon
    rays: list[list[Point]] = []
    for ray in range(-9, 10):
        foot = x + ray * 62
        rays.append([(x + ray * 5, horizon), (foot - 1.6, height), (foot + 1.6, height)])
    rungs = [horizon + depth * (step / 7) ** 2.1 for step in range(1, 7)]
    lines = "".join(f"M0 {number(rung)}H{WIDTH}" for rung in rungs)
    return (
        disc(x, horizon, min(horizon * 0.8, 92), accent)
        + box(0, horizon, WIDTH, depth, first)
        + polygons(rays, second)
        + curve(lines, 1.8, second)
        + disc(x + rng.uniform(40, 70) * (1 if x < 150 else -1), horizon * rng.uniform(0.15, 0.3), 9, second)
    )


def punched_card(height: int, rng: SeededRandom, palette: Palette) -> str:
    """A punched card, as early computers read it."""
    first, second, accent = palette.shapes
    columns, pitch = 10, 26.0
    rows = int((height - 10) / pitch)
    left, top = (WIDTH - columns * pitch) / 2 + 3, (height - rows * pitch) / 2 + 3
    marked = rng.randint(0, rows - 1)
    colours: dict[str, list[list[Point]]] = {first: [], second: [], accent: []}
    for row in range(rows):
        reach = 0.2 + 0.7 * sin(pi * (row + 1) / (rows + 1))
        for column in range(columns):
            x, y = left + column * pitch, top + row * pitch
            lit = rng.uniform(0, 1) < reach
            colour = accent if lit and row == marked else first if lit else second
            wide, high = (20, 20) if lit else (20, 4)
            y += (20 - high) / 2
            colours[colour].append([(x, y), (x + wide, y), (x + wide, y + high), (x, y + high)])
    return "".join(_squares(squares, colour) for colour, squares in colours.items() if squares)


def _squares(squares: list[list[Point]], fill: str) -> str:
    return (
        '<path d="'
        + "".join(
            f"M{number(a[0])} {number(a[1])}h{number(b[0] - a[0])}v{number(c[1] - b[1])}h{number(a[0] - b[0])}z"
            for a, b, c, _ in squares
        )
        + f'" fill="{fill}"/>'
    )


def gate(height: int, rng: SeededRandom, palette: Palette) -> str:
    """An arch in an arch in an arch, and a light behind the last."""
    first, second, accent = palette.shapes
    x, n = 150 + rng.uniform(-28, 28), rng.randint(3, 4)
    widest = min(126, height * 0.6)
    drawn = ""
    for arch in range(n):
        half = widest * (1 - 0.78 * arch / n)
        spring = height - (height - widest - 4) * (1 - 0.5 * arch / n)
        colour = (first, palette.ground, second, first)[arch % 4]
        drawn += disc(x, spring, half, colour) + box(x - half, spring, 2 * half, height - spring, colour)
    return drawn + disc(x, height - (height - widest) * 0.32, widest * 0.19, accent)


def moons(height: int, rng: SeededRandom, palette: Palette) -> str:
    """A crescent, its shadow, and a few stars with four points."""
    first, second, accent = palette.shapes
    x, y, radius = rng.uniform(120, 180), height * 0.52, min(height * 0.42, 108)
    aside = radius * rng.uniform(0.3, 0.5) * (1 if rng.coin() else -1)
    drawn = disc(x, y, radius, accent) + disc(x + aside, y - radius * 0.16, radius * 0.86, palette.ground)
    drawn += disc(x + aside * 1.3, y + radius * 0.1, radius * 0.4, first)
    for _ in range(rng.randint(4, 6)):
        star = polar(x, y, rng.uniform(radius * 0.4, radius * 1.5), rng.uniform(0, 360))
        drawn += _star(*star, rng.uniform(6, 17), second)
    return drawn


def _star(x: float, y: float, size: float, fill: str) -> str:
    points = [polar(x, y, size if ray % 2 == 0 else size * 0.24, ray * 45) for ray in range(8)]
    return polygon(points, fill)


def towers(height: int, rng: SeededRandom, palette: Palette) -> str:
    """Towers with pointed roofs, some nearer, some further."""
    first, second, accent = palette.shapes
    drawn = disc(rng.uniform(70, 230), height * 0.3, min(height * 0.2, 46), accent)
    x = -8.0
    while x < WIDTH:
        wide = rng.uniform(30, 58)
        top = height * rng.uniform(0.36, 0.72)
        roof = wide * rng.uniform(0.9, 1.5)
        body, cap = (second, first) if rng.coin() else (first, second)
        drawn += box(x, top, wide, height - top, body)
        drawn += polygon([(x - 3, top), (x + wide + 3, top), (x + wide / 2, max(top - roof, 2))], cap)
        drawn += box(x + wide / 2 - 3, top + 14, 6, 14, accent, 3)
        x += wide + rng.uniform(-4, 8)
    return drawn


def toy_blocks(height: int, rng: SeededRandom, palette: Palette) -> str:
    """A row of heaps of bricks: squares, quarters, domes, discs and roofs."""
    heaps = rng.choice((4, 5))
    side = WIDTH / heaps
    most = max(2, int(height / side))
    counts = rng.shuffled([most, *(rng.randint(1, most) for _ in range(heaps - 1))])
    drawn, last = "", ""
    for heap, count in enumerate(counts):
        for storey in range(count):
            last = rng.choice([colour for colour in palette.shapes if colour != last])
            form = rng.choice(
                ("roof", "dome", "disc", "square") if storey == count - 1 else ("square", "square", "arch")
            )
            drawn += _brick(form, heap * side, height - storey * side, side, last, palette.ground)
    return drawn


def _brick(form: str, left: float, foot: float, side: float, colour: str, ground: str) -> str:
    x, half = left + side / 2, side / 2
    if form == "roof":
        return polygon([(left, foot), (left + side, foot), (x, foot - side * 0.86)], colour)
    if form == "dome":
        return half_disc(x, foot, half, 270, colour)
    if form == "disc":
        return disc(x, foot - half, half, colour)
    square = box(left, foot - side, side, side, colour)
    return square + half_disc(x, foot, half * 0.6, 270, ground) if form == "arch" else square


def hills(height: int, rng: SeededRandom, palette: Palette) -> str:
    """Round hills in front of each other, some ploughed, and a sun."""
    first, second, accent = palette.shapes
    drawn = disc(rng.uniform(60, 240), height * 0.24, min(height * 0.17, 44), accent)
    centres = rng.shuffled([20, 100, 190, 280])
    for hill, x in enumerate(centres):
        radius = min(height * rng.uniform(0.5, 0.62), 140) * (1 - 0.16 * hill)
        y, colour, furrow = height + radius * 0.08, (second, first)[hill % 2], (first, second)[hill % 2]
        drawn += disc(x, y, radius, colour)
        if rng.coin():
            drawn += ring(x, y, radius * 0.74, 4, palette.ground) + ring(x, y, radius * 0.48, 4, furrow)
    return drawn


def beads(height: int, rng: SeededRandom, palette: Palette) -> str:
    """A string of beads along a wave, each larger than the one before; the last has an eye that looks back."""
    n, phase, largest = 8, rng.uniform(0, 6.2), min(height * 0.16, 42)
    colours = rng.shuffled(palette.shapes)
    forward = rng.coin()
    x, y, drawn = 0.0, 0.0, ""
    for bead in range(n):
        share = bead / (n - 1)
        x = 16 + 250 * share if forward else 284 - 250 * share
        y = height * (0.5 + 0.25 * sin(phase + share * 5.2))
        drawn += disc(x, y, largest * (0.25 + 0.75 * share), colours[bead % 3])
    towards = x - 2 if forward else x + 2
    return drawn + disc(x, y, largest * 0.3, palette.ground) + disc(towards, y, largest * 0.14, palette.ink)
