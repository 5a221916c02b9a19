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


def test_an_unknown_name_gets_a_suggestion_and_the_list() -> None:
    with pytest.raises(NotFoundError) as refused:
        make("popularty")
    assert "Did you mean 'popularity'?" in str(refused.value)
    assert all(name in str(refused.value) for name in MODELS)


def test_models_without_networks_do_not_import_torch() -> None:
    program = (
        "import sys\n"
        "from matinee.models.registry import MODELS, make\n"
        "from tests.datasets import checkerboard\n"
        "data = checkerboard()\n"
        "make('ease').fit(data).score(data.histories)\n"
        "make('blend')\n"
        "print('torch' in sys.modules, 'sasrec' in MODELS)\n"
    )
    output = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert output.split() == ["False", "True"]


def test_a_network_without_torch_is_refused_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "matinee.models.neural.sasrec", raising=False)
    monkeypatch.setitem(sys.modules, "torch", None)  # as if it were not installed
    with pytest.raises(InputError) as refused:
        make("sasrec")
    assert str(refused.value) == "sasrec needs PyTorch, which is not installed. Run: pip install 'matinee[deep]'"
