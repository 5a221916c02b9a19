import pytest

from tests.resources import describe_skips, skip_without


def test_a_missing_resource_skips_with_its_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MATINEE_REQUIRE", raising=False)
    with pytest.raises(pytest.skip.Exception, match="browser is missing; install Chromium"):
        skip_without("browser")


def test_a_required_resource_fails_instead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MATINEE_REQUIRE", "browser,postgres")
    with pytest.raises(pytest.fail.Exception, match="postgres is missing"):
        skip_without("postgres")


def test_skips_are_counted_by_reason() -> None:
    assert describe_skips([]) == "No test was skipped."
    assert describe_skips(["Skipped: no x", "Skipped: no y", "Skipped: no x"]) == (
        "3 tests were skipped: 2 because no x; 1 because no y."
    )
