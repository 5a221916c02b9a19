from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from matinee.features.poster_embedding import _edges, frozen_embedding
from matinee.features.posters import Posters

Pixels = npt.NDArray[np.uint8]


def posters(pixels: Pixels, has_poster: list[bool] | None = None) -> Posters:
    flags = np.ones(len(pixels), dtype=np.bool_) if has_poster is None else np.array(has_poster)
    return Posters(pixels, flags, int((~flags).sum()), ())


def noise(n: int, height: int = 24, width: int = 16, seed: int = 0) -> Pixels:
    """Random pictures with some structure: a few colours, enlarged."""
    small = np.random.default_rng(seed).integers(0, 256, (n, 3, 4, 4), dtype=np.uint8)
    return small.repeat(-(-height // 4), axis=2).repeat(-(-width // 4), axis=3)[:, :, :height, :width]


def similarity(vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit @ unit.T


def test_shape_scale_and_order() -> None:
    has_poster = [True] * 39 + [False]
    vectors = frozen_embedding(posters(noise(40), has_poster), width=8)
    assert vectors.shape == (40, 8)
    assert vectors.dtype == np.float32
    assert not vectors[39].any()
    np.testing.assert_allclose(vectors[:39].mean(axis=0), 0, atol=1e-4)
    assert np.mean(vectors[:39] ** 2) == pytest.approx(1, rel=1e-4)
    spread = vectors[:39].var(axis=0)
    assert (np.diff(spread) < 0).all()


def test_more_numbers_do_not_change_the_direction_of_the_first() -> None:
    few, many = (frozen_embedding(posters(noise(40)), width) for width in (4, 8))
    np.testing.assert_allclose(few / few[0, 0], many[:, :4] / many[0, 0], rtol=1e-3, atol=1e-4)


def test_components_that_are_not_there_are_zero() -> None:
    vectors = frozen_embedding(posters(noise(5)), width=12)
    assert vectors[:, :4].any(axis=0).all()
    np.testing.assert_allclose(vectors[:, 4:], 0, atol=1e-4)


@pytest.mark.parametrize("has_poster", [[False] * 3, [True, False, False]])
def test_fewer_than_two_posters_give_zeros(has_poster: list[bool]) -> None:
    assert frozen_embedding(posters(noise(3), has_poster), 4).tolist() == [[0] * 4] * 3


def test_posters_that_are_all_the_same_are_zeros() -> None:
    assert frozen_embedding(posters(noise(1).repeat(3, axis=0)), 4).tolist() == [[0] * 4] * 3


def darkened(pixels: Pixels) -> Pixels:
    return (pixels * 0.8).astype(np.uint8)


def shifted(pixels: Pixels) -> Pixels:
    return np.roll(pixels, 1, axis=3)


@pytest.mark.parametrize("change", [darkened, shifted])
def test_a_picture_is_most_like_its_slightly_changed_self(change: Callable[[Pixels], Pixels]) -> None:
    pixels = noise(30)
    close = similarity(frozen_embedding(posters(np.concatenate([pixels, change(pixels)])), 24))
    np.fill_diagonal(close, -1)
    assert (close.argmax(axis=1) == np.roll(np.arange(60), 30)).all()


def stripes(direction: str, phase: int, size: int = 32) -> Pixels:
    """Black and white stripes of two pixels, lying, standing or slanting."""
    y, x = np.mgrid[:size, :size]
    along = {"lying": y, "standing": x, "rising": x + y, "falling": x - y}[direction]
    return (((along + phase) // 2 % 2) * 255).astype(np.uint8)[None].repeat(3, axis=0)


def test_stripes_are_described_by_their_direction() -> None:
    directions = ["lying", "standing", "rising", "falling"]
    pixels = np.stack([stripes(direction, phase) for direction in directions for phase in (0, 1, 2)])
    close = similarity(frozen_embedding(posters(pixels), 8))
    same = np.repeat(np.arange(4), 3)[:, None] == np.repeat(np.arange(4), 3)
    assert close[same].min() > close[~same].max()


def test_an_edge_is_the_same_from_dark_to_light_and_from_light_to_dark() -> None:
    brightness = np.random.default_rng(0).random((3, 24, 16), dtype=np.float32)
    np.testing.assert_allclose(_edges(brightness), _edges(1 - brightness), atol=1e-6)


def test_edges_are_counted_where_they_are() -> None:
    picture = np.zeros((1, 32, 32), dtype=np.float32)
    picture[0, :8, 24:] = stripes("standing", 0, 8)[0]
    cells = (_edges(picture)[0] ** 2).reshape(4, 4, 8).sum(axis=2)
    assert cells[0, 3] > 0.85  # the rest is the border of the stripes
    assert cells.sum() == pytest.approx(1, rel=1e-4)


def test_the_layout_of_colours_matters() -> None:
    upper = np.zeros((3, 24, 16), dtype=np.uint8)
    upper[0, :12] = 255
    lower = upper[:, ::-1]
    vectors = frozen_embedding(posters(np.stack([upper, lower, upper])), 2)
    np.testing.assert_allclose(vectors[0], vectors[2], atol=1e-5)
    assert np.linalg.norm(vectors[0] - vectors[1]) > 1


@pytest.mark.parametrize(("height", "width"), [(96, 64), (7, 5), (2, 2)])
def test_any_size_will_do(height: int, width: int) -> None:
    vectors = frozen_embedding(posters(noise(6, height, width)), 3)
    assert np.isfinite(vectors).all()
    assert vectors.any(axis=1).all()


def test_the_vector_of_a_poster_does_not_depend_on_its_block() -> None:
    """300 images are more than one block; the last of them repeat the first."""
    pixels = noise(300)
    pixels[280:] = pixels[:20]
    vectors = frozen_embedding(posters(pixels), 6)
    np.testing.assert_allclose(vectors[280:], vectors[:20], atol=1e-4)
