import re

import pytest

from matinee.data.fetching.sources import SOURCES, source_named
from matinee.errors import NotFoundError


def test_every_source_can_be_had_somewhere_and_be_recognised():
    for source in SOURCES:
        assert source.address is not None or source.wheel is not None, source.name
        assert source.layouts, source.name
        assert all(source.layouts), source.name
        assert source.about, source.name
        assert source.licence, source.name
        if source.address is not None:
            assert re.fullmatch(rf"https://files\.grouplens\.org/.*/{source.name}\.zip", source.address)


def test_a_wheel_brings_a_whole_layout():
    for wheel, layouts in [(source.wheel, source.layouts) for source in SOURCES]:
        if wheel is not None:
            assert tuple(member.rsplit("/", 1)[1] for member in wheel.members) in layouts
            assert re.fullmatch("[0-9a-f]{64}", wheel.sha256)
            assert re.fullmatch(r"[\w-]+==[\d.]+", wheel.requirement)


def test_names_are_distinct():
    assert len({source.name for source in SOURCES}) == len(SOURCES)


def test_finds_a_source_by_name():
    assert source_named("ml-1m").ratings == 1_000_209


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(NotFoundError, match=r"'ml-2m' is not a data set .* ml-100k, ml-1m, .*films"):
        source_named("ml-2m")
