"""The shapes that posters are made of, as SVG elements.

Coordinates are those of a poster 300 wide. Angles are in degrees, clockwise from the right, as in SVG. The elements
have attributes and never `style`, so that a page whose Content-Security-Policy forbids inline styles may hold them.
"""

from collections.abc import Iterable
from math import cos, radians, sin

WIDTH = 300
HEIGHT = 450

Point = tuple[float, float]


def number(value: float) -> str:
    """`12.0` -> `12`, `3.14159` -> `3.1`: a tenth of a unit is finer than the eye can see."""
    return f"{value:.1f}".removesuffix(".0")


def disc(x: float, y: float, radius: float, fill: str) -> str:
    """A filled circle."""
    return f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" fill="{fill}"/>'


def ring(x: float, y: float, radius: float, thickness: float, stroke: str, gaps: str = "") -> str:
    """The outline of a circle; `gaps` are further attributes, such as a dash pattern."""
    line = f'fill="none" stroke="{stroke}" stroke-width="{number(thickness)}"'
    return f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" {line}{gaps}/>'


def box(x: float, y: float, width: float, height: float, fill: str, corner: float = 0) -> str:
    """A rectangle, with rounded corners if `corner` is given."""
    rounded = f' rx="{number(corner)}"' if corner else ""
    size = f'width="{number(width)}" height="{number(height)}"'
    return f'<rect x="{number(x)}" y="{number(y)}" {size}{rounded} fill="{fill}"/>'


def polygon(points: Iterable[Point], fill: str) -> str:
    """A closed shape with straight sides."""
    return f'<path d="{outline(points)}" fill="{fill}"/>'


def polygons(shapes: Iterable[Iterable[Point]], fill: str) -> str:
    """Several polygons of one colour, in one element."""
    return f'<path d="{"".join(outline(points) for points in shapes)}" fill="{fill}"/>'


def outline(points: Iterable[Point]) -> str:
    """The path of a closed shape with straight sides."""
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points) + "Z"


def half_disc(x: float, y: float, radius: float, angle: float, fill: str) -> str:
    """Half a disc about (x, y), bulging towards `angle`."""
    return _sector(x, y, radius, angle - 90, 180, fill)


def quarter_disc(x: float, y: float, radius: float, angle: float, fill: str) -> str:
    """A quarter of a disc with its corner at (x, y), from `angle` on."""
    return _sector(x, y, radius, angle, 90, fill)


def lens(x: float, y: float, length: float, thickness: float, angle: float, fill: str) -> str:
    """The intersection of two equal circles: an eye or a leaf about (x, y), lying along `angle`."""
    (x1, y1), (x2, y2) = polar(x, y, -length / 2, angle), polar(x, y, length / 2, angle)
    radius = (length**2 + thickness**2) / (4 * thickness)
    arc = f"A{number(radius)} {number(radius)} 0 0 1 "
    path = f"M{number(x1)} {number(y1)}{arc}{number(x2)} {number(y2)}{arc}{number(x1)} {number(y1)}Z"
    return f'<path d="{path}" fill="{fill}"/>'


def curve(path: str, thickness: float, stroke: str) -> str:
    """A line along a path."""
    return f'<path d="{path}" fill="none" stroke="{stroke}" stroke-width="{number(thickness)}"/>'


def dots(y: float, radius: float, pitch: float, start: float, fill: str) -> str:
    """A row of equal discs, `pitch` apart, across the whole poster, drawn as the round ends of dashes of length 0."""
    dashes = f'stroke-linecap="round" stroke-dasharray="0 {number(pitch)}"'
    line = f'<path d="M{number(start)} {number(y)}H{WIDTH + 20}" stroke="{fill}"'
    return f'{line} stroke-width="{number(2 * radius)}" {dashes}/>'


def rotate(content: str, angle: float, x: float, y: float) -> str:
    """Rotate `content` about (x, y)."""
    return f'<g transform="rotate({number(angle)} {number(x)} {number(y)})">{content}</g>'


def flip(content: str, height: float) -> str:
    """Flip `content`, which is `height` high, upside down."""
    return f'<g transform="matrix(1 0 0 -1 0 {number(height)})">{content}</g>'


def polar(x: float, y: float, distance: float, angle: float) -> Point:
    """The point at that distance and angle from (x, y)."""
    return x + distance * cos(radians(angle)), y + distance * sin(radians(angle))


def _sector(x: float, y: float, radius: float, start: float, spread: float, fill: str) -> str:
    (x1, y1), (x2, y2) = polar(x, y, radius, start), polar(x, y, radius, start + spread)
    arc = f"A{number(radius)} {number(radius)} 0 0 1 {number(x2)} {number(y2)}"
    return f'<path d="M{number(x)} {number(y)}L{number(x1)} {number(y1)}{arc}Z" fill="{fill}"/>'
