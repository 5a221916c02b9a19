import re

import pytest

from matinee.data.fetching.sources import SOURCES, find_source
from matinee.errors import NotFoundError


def test_every_source_is_complete():
    for source in SOURCES:
        assert source.url is not None or source.wheel is not None, source.name
        assert source.layouts, source.name
        assert all(source.layouts), source.name
        assert source.description, source.name
        assert source.licence, source.name
        if source.url is not None:
            assert re.fullmatch(rf"https://files\.grouplens\.org/.*/{source.name}\.zip", source.url)


def test_a_wheel_holds_a_whole_layout():
    for wheel, layouts in [(source.wheel, source.layouts) for source in SOURCES]:
        if wheel is not None:
            assert tuple(member.rsplit("/", 1)[1] for member in wheel.files) in layouts
            assert re.fullmatch("[0-9a-f]{64}", wheel.sha256)
            assert re.fullmatch(r"[\w-]+==[\d.]+", wheel.requirement)


def test_names_are_distinct():
    assert len({source.name for source in SOURCES}) == len(SOURCES)


def test_finds_a_source_by_name():
    assert find_source("ml-1m").ratings == 1_000_209


def test_an_unknown_name_lists_the_valid_ones():
    with pytest.raises(NotFoundError, match=r"No data set is called 'ml-2m'. .* ml-100k, ml-1m, .*movie-table"):
        find_source("ml-2m")
