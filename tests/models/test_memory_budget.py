import numpy as np
import pytest

from matinee.errors import ConfigError
from matinee.models.blend.blend import Blend
from matinee.models.memory_budget import describe_solver, fit_to_memory, make_updatable
from matinee.models.registry import make
from tests.datasets import small_ratings


def test_the_head_fits_into_the_budget() -> None:
    # ease takes 12 bytes for each pair of movies, slist 24.
    assert fit_to_memory(make("ease"), 1000, 12 * 1000**2) is not None
    assert fit_to_memory(make("ease"), 1000, 12 * 500**2).config.head == 500
    assert fit_to_memory(make("slist", reg=7.0), 1000, 24 * 300**2).config == make("slist", reg=7.0, head=300).config


def test_a_blend_has_one_head_for_all_parts() -> None:
    # While slist is fitted, 24 bytes a pair, ease is kept in half precision, 2, for two parts of equal weights.
    limited = fit_to_memory(make("blend"), 1000, 26 * 400**2)
    assert isinstance(limited, Blend)
    assert [part.config.head for part in limited.parts] == [400, 400, 400]


def test_models_that_fit_or_have_a_head_are_not_changed() -> None:
    for model in (make("popularity"), make("ease", solver="sparse"), make("slist", head=5)):
        assert fit_to_memory(model, 10**6, 1) is model
    whole = make("ease")
    assert fit_to_memory(whole, 1000, 12 * 1000**2) is whole
    assert fit_to_memory(make("ease"), 1000, 12 * 1000**2 - 1).config.head == 999
    assert fit_to_memory(make("ease"), 1000, 1).config.head == 1


def test_a_dense_blend_keeps_single_precision() -> None:
    whole = make("blend")
    assert fit_to_memory(whole, 100, (24 + 2 * 2) * 100**2) is whole
    assert fit_to_memory(make("blend"), 100, (24 + 2 * 2) * 100**2 - 1) is not whole


def test_the_description_of_the_solver_has_numbers() -> None:
    data = small_ratings(seed=1)
    counts = data.counts
    share = np.sort(counts)[::-1][:6].sum() / counts.sum()
    others, unrated = int((counts > 0).sum()) - 6, int((counts == 0).sum())
    model = make("blend", head=6).fit(data)
    assert unrated == 1
    assert [str(message) for message in describe_solver(model, counts)] == [
        f"slist, ease: the 6 most-rated movies densely ({share:.1%} of ratings), {others} others through neighbours "
        f"({1 - share:.1%})",
        "1 movie without ratings has no weights",
    ]
    assert describe_solver(make("blend").fit(data), counts) == []
    assert describe_solver(make("popularity").fit(data), counts) == []


def test_an_updatable_model_has_a_head() -> None:
    assert make_updatable(make("blend"), 50).config.head == 50
    settled = make("ease", head=7)
    assert make_updatable(settled, 50) is settled
    for model in (make("popularity"), make("ease", solver="sparse"), make("blend", parts=[{"model": "item_cf"}])):
        with pytest.raises(ConfigError, match="cannot be updated"):
            make_updatable(model, 50)
