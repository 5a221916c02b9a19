"""Posters as vectors of a few dozen numbers, from fixed descriptors that need no training.

Colours, their layout, and the directions of edges, after the colour and edge descriptors of MPEG-7 (Manjunath et
al., "Color and texture descriptors", IEEE Transactions on Circuits and Systems for Video Technology, 2001) and the
histograms of gradients of Dalal and Triggs (CVPR 2005), joined by principal components.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from matinee.arrays import Embeddings, Pixels
from matinee.features.posters import Posters

_BLOCK = 256  # posters described at a time
_LEVELS = 4  # of each colour, in the histogram
_LAYOUT_GRID, _EDGE_GRID = 8, 4  # cells across and down
_DIRECTIONS = 8  # of edges, over half a turn

# Red, green and blue to brightness and two differences of colour (ITU-R BT.601).
_YCBCR = np.array(
    [[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]],
    dtype=np.float32,
)


def frozen_embedding(posters: Posters, width: int = 64) -> Embeddings:
    """Compute vectors of posters: (movies, width) float32, the first dimensions vary most, zeros without a poster.

    Every descriptor is standardised over the catalogue and has equal weight. The result is the leading principal
    components, scaled so that the mean square of a number is 1. If there are fewer components, the rest is zeros.
    """
    rows = np.flatnonzero(posters.has_poster)
    vectors = np.zeros((len(posters.has_poster), width), dtype=np.float32)
    if len(rows) < 2:  # no variance
        return vectors
    blocks = (posters.pixels[rows[start : start + _BLOCK]] for start in range(0, len(rows), _BLOCK))
    parts = zip(*(_describe(block) for block in blocks), strict=True)
    described = np.concatenate([_standardised(np.concatenate(part)) for part in parts], axis=1)  # (posters, 384)
    components = _principal(described, width)
    vectors[rows, : components.shape[1]] = components
    size = np.sqrt(np.mean(vectors[rows] ** 2))
    return vectors / size if size > 0 else vectors


def _describe(pixels: Pixels) -> tuple[Embeddings, Embeddings, Embeddings]:
    """Compute histogram, layout and edges of posters: (n, 3, height, width) -> (n, 64), (n, 192), (n, 128)."""
    shares = pixels.astype(np.float32) / 255
    colours = np.einsum("yc,nchw->nyhw", _YCBCR, shares, optimize=True)  # (n, 3, height, width)
    down, across = (_averaging(size, _LAYOUT_GRID) for size in pixels.shape[2:])
    layout = down @ colours @ across.T  # (n, 3, 8, 8)
    return _histogram(pixels), layout.reshape(len(pixels), -1), _edges(colours[:, 0])


def _histogram(pixels: Pixels) -> Embeddings:
    """Return square roots of the shares of 4 x 4 x 4 colours: (n, 3, height, width) -> (n, 64)."""
    red, green, blue = np.moveaxis(pixels // (256 // _LEVELS), 1, 0)  # (n, height, width) each
    return _shares_of((red * _LEVELS + green) * _LEVELS + blue, _LEVELS**3)


def _edges(brightness: Embeddings) -> Embeddings:
    """Return square roots of the shares of edge strength by cell and direction: (n, height, width) -> (n, 128)."""
    down, across = np.gradient(brightness, axis=(1, 2))
    direction = np.floor(np.arctan2(down, across) * (_DIRECTIONS / np.pi)).astype(np.int64) % _DIRECTIONS
    rows, columns = (np.arange(size) * _EDGE_GRID // size for size in brightness.shape[1:])
    cell = rows[:, None] * _EDGE_GRID + columns  # (height, width)
    return _shares_of(cell * _DIRECTIONS + direction, _EDGE_GRID**2 * _DIRECTIONS, np.hypot(down, across))


def _shares_of(kinds: npt.NDArray[np.integer[Any]], n_kinds: int, weights: Embeddings | None = None) -> Embeddings:
    """Return square roots of the share of each kind among a poster's pixels: (n, height, width) -> (n, kinds)."""
    n = len(kinds)
    key = kinds + np.arange(n)[:, None, None] * n_kinds
    sums = np.bincount(key.ravel(), None if weights is None else weights.ravel(), minlength=n * n_kinds)
    sums = sums.reshape(n, n_kinds)
    return np.sqrt(sums / np.maximum(sums.sum(axis=1, keepdims=True), 1e-6)).astype(np.float32)


def _averaging(size: int, cells: int) -> Embeddings:
    """Return weights that average `size` pixels to `cells` equal lengths: (cells, size)."""
    length = size / cells
    starts, pixels = np.arange(cells)[:, None] * length, np.arange(size)
    overlap = np.minimum(starts + length, pixels + 1) - np.maximum(starts, pixels)
    return (np.maximum(overlap, 0) / length).astype(np.float32)


def _standardised(descriptor: Embeddings) -> Embeddings:
    """Scale columns to mean 0 and deviation 1, and their total variance to 1: (n, d) -> (n, d)."""
    deviation = descriptor.std(axis=0)
    deviation[deviation < 1e-6] = np.inf  # constant columns become zeros
    return (descriptor - descriptor.mean(axis=0)) / deviation / np.sqrt(descriptor.shape[1])


def _principal(described: Embeddings, width: int) -> Embeddings:
    """Return the leading principal components: (n, d) -> (n, at most width)."""
    _, _, axes = np.linalg.svd(described.astype(np.float64), full_matrices=False)
    axes = axes[:width]
    # The sign of an axis is arbitrary, so its largest entry is made positive.
    largest = np.take_along_axis(axes, np.abs(axes).argmax(axis=1)[:, None], axis=1)
    return (described @ (axes * np.sign(largest)).T).astype(np.float32)
