import pytest

from matinee.service.web.decades import Decade, years_of


@pytest.mark.parametrize(
    ("decade", "years"), [("", (None, None)), ("1900", (1900, 1929)), ("1930", (1930, 1939)), ("2020", (2020, 2029))]
)
def test_a_decade_is_ten_years_and_before_1930_is_one(decade: Decade, years: tuple[int | None, int | None]) -> None:
    assert years_of(decade) == years
