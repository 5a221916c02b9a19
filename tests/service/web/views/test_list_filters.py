import pytest

from matinee.service.state.served_run import ServedRun
from matinee.service.web.views.list_filters import (
    MOODS,
    Decade,
    available_moods,
    catalogue_languages,
    decade_years,
    mood_genres,
)


def test_moods_without_genres_in_the_catalogue_are_not_offered(run: ServedRun) -> None:
    assert run.genres == {"Even", "Odd"}
    assert available_moods(run) == []
    assert all(mood_genres(run, mood) == () for mood in (*MOODS, "nonesuch"))
    assert catalogue_languages(run, "en") == []


@pytest.mark.parametrize(
    ("decade", "years"), [("", (None, None)), ("1900", (1900, 1929)), ("1930", (1930, 1939)), ("2020", (2020, 2029))]
)
def test_a_decade_is_ten_years_and_before_1930_is_one(decade: Decade, years: tuple[int | None, int | None]) -> None:
    assert decade_years(decade) == years
