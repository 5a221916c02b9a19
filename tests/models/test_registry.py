import pytest

from matinee.errors import NotFoundError
from matinee.models.registry import MODELS, make, model_class


def test_models_are_found_by_their_own_name() -> None:
    assert all(model_class(name).name == name for name in MODELS)


def test_an_unknown_name_gets_the_nearest_and_the_list() -> None:
    with pytest.raises(NotFoundError) as refused:
        make("popularty")
    assert "did you mean 'popularity'?" in str(refused.value)
    assert all(name in str(refused.value) for name in MODELS)
