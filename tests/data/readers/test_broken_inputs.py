from pathlib import Path

import pytest

from matinee.data.readers.formats import read_dataset
from matinee.errors import InputError

from .broken_inputs import BROKEN_INPUTS, BrokenInput


@pytest.mark.parametrize("broken", BROKEN_INPUTS, ids=lambda broken: broken.name)
def test_the_error_is_one_line_with_the_position(broken: BrokenInput, tmp_path: Path):
    with pytest.raises(InputError) as raised:
        read_dataset(broken.make(tmp_path))

    message = str(raised.value)
    assert "\n" not in message
    assert message.startswith(str(tmp_path))
    for fragment in broken.expected:
        assert fragment in message


def test_the_names_are_distinct():
    assert len({broken.name for broken in BROKEN_INPUTS}) == len(BROKEN_INPUTS)
