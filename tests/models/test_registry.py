import subprocess
import sys

import pytest

from matinee.errors import InputError, NotFoundError
from matinee.models.recommender import Recommender
from matinee.models.registry import MODELS, make, model_class


def test_models_are_found_by_their_own_name() -> None:
    for name in MODELS:
        assert model_class(name).name == name
        assert issubclass(model_class(name), Recommender)


def test_an_unknown_name_gets_the_nearest_and_the_list() -> None:
    with pytest.raises(NotFoundError) as refused:
        make("popularty")
    assert "did you mean 'popularity'?" in str(refused.value)
    assert all(name in str(refused.value) for name in MODELS)


def test_who_asks_for_no_deep_model_loads_no_torch() -> None:
    program = (
        "import sys\n"
        "from matinee.models.registry import MODELS, make\n"
        "from tests.datasets import checkerboard\n"
        "data = checkerboard()\n"
        "make('ease').fit(data).score(data.histories)\n"
        "make('blend')\n"
        "print('torch' in sys.modules, 'sasrec' in MODELS)\n"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert told.split() == ["False", "True"]


def test_a_deep_model_without_torch_is_refused_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "matinee.models.neural.sasrec", raising=False)
    monkeypatch.setitem(sys.modules, "torch", None)  # as if it were not there
    with pytest.raises(InputError) as refused:
        make("sasrec")
    assert str(refused.value) == "sasrec needs PyTorch, which is not installed: pip install 'matinee[deep]'"
