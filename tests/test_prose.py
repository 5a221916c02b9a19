"""The rules for prose in CONTRIBUTING.md: plain words, docstrings that state, spelling, and short commit subjects."""

import io
import re
import shutil
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.source_code import FILES, ROOT, docstrings, label, string_literals, text_of
from tests.test_architecture import check

PAGES = [
    *sorted((ROOT / "docs").glob("*.md")),
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
]
# Tests and benchmarks, except the files that list the words.
OTHER_CODE = [
    path
    for folder in ("tests", "benchmarks")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if path.name not in ("test_names.py", "test_prose.py")
]
TEMPLATES = sorted((ROOT / "src" / "matinee").rglob("*.html"))
# Words of the former dialect, and plain words for them.
PLAIN_WORDS = {
    r"anew": "again",
    r"amid": "among, in",
    r"likest": "most similar",
    r"foretell\w*|foretold": "predict",
    r"told": "shown, reported, says",
    r"whoever|whosoever": "the user who, anyone who",
    r"somebody|everybody|nobody|anybody": "a user, all users, no user",
    r"somebody's|everybody's|nobody's|anybody's": "a user's",
    r"mend|mends|mended|mending": "fix, repair",
    r"reckon\w*": "compute, count",
    r"lately": "recently",
    r"of now": "current",
    r"so many": "at most `n`, the number of",
    r"(?<!there )(is|are|was|were) none": "is missing, is invalid, has no ...",
    r"let go of|lets go of": "close, release",
    r"(come|comes|came) by": "get, obtain",
    r"save (for|that|those|where|when|of)": "except",
    r"stands where it stands": "stays",
    r"passer-by|passers-by": "visitor",
}
WORD_LIST = re.compile(r"\b(" + "|".join(PLAIN_WORDS) + r")\b", re.IGNORECASE)
# Not the genre, nor a file or data set of that name.
MOVIE_SYNONYM = re.compile(r"(?<![\w/.'\"-])(?<!\d )films?\b(?![-/.'\"\\]| ?noir)", re.IGNORECASE)
QUESTION = re.compile(r"(What|Whether|Who|Whom|Whose|How)\b")
FIRST_CHECKED_COMMIT = "aaee9b7"  # subjects after this commit keep the rule
MAX_SUBJECT = 72


def comments(path: Path) -> Iterator[tuple[str, int]]:
    for token in tokenize.generate_tokens(io.StringIO(text_of(path)).readline):
        if token.type == tokenize.COMMENT:
            yield token.string, token.start[0]


def source_prose(path: Path) -> Iterator[tuple[str, int]]:
    """The lines of comments, docstrings and other strings, with their numbers."""
    yield from comments(path)
    for text, first_line in string_literals(path):
        yield from ((line, first_line + n) for n, line in enumerate(text.splitlines()))


def dialect(text: str) -> str | None:
    """`told (write: shown, reported, says)` for a line with a word of the list."""
    match = WORD_LIST.search(text)
    if match is None:
        return None
    word = match[0].lower()
    plain = next(plain for pattern, plain in PLAIN_WORDS.items() if re.fullmatch(pattern, word))
    return f"{word} (write: {plain}): {text.strip()[:100]}"


def movie_synonyms() -> Iterator[str]:
    for path in FILES:
        for text, line in source_prose(path):
            if " " in text and MOVIE_SYNONYM.search(text):
                yield f"{label(path)}:{line}: {text.strip()[:100]}"
    for path in [*PAGES, *TEMPLATES]:
        for line, text in enumerate(text_of(path).splitlines(), start=1):
            if MOVIE_SYNONYM.search(re.sub(r"`[^`]*`", "``", text)):
                yield f"{label(path)}:{line}: {text.strip()[:100]}"


def dialect_in_sources() -> Iterator[str]:
    for path in [*FILES, *OTHER_CODE]:
        for text, line in source_prose(path):
            if complaint := dialect(text):
                yield f"{label(path)}:{line}: {complaint}"


def dialect_in_pages() -> Iterator[str]:
    for path in [*PAGES, *TEMPLATES]:
        for line, text in enumerate(text_of(path).splitlines(), start=1):
            quoted = re.sub(r"`[^`]*`", "``", text)  # inline code may quote such a word
            if complaint := dialect(re.sub(r"(?<=[\w)]) is none\b", "", quoted) if path in TEMPLATES else quoted):
                yield f"{label(path)}:{line}: {complaint}"


def docstrings_that_ask() -> Iterator[str]:
    for path in FILES:
        for text, line in docstrings(path):
            if QUESTION.match(text):
                yield f"{label(path)}:{line}: {text.splitlines()[0][:100]}"


def commit_subjects() -> list[str] | None:
    """Subjects of the commits that the rule applies to; None without a git history."""
    git = shutil.which("git")
    if git is None:
        return None
    command = [git, "log", "--no-merges", "--format=%s", f"{FIRST_CHECKED_COMMIT}..HEAD"]
    log = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return log.stdout.splitlines() if log.returncode == 0 else None


def test_the_word_list_finds_words_and_not_parts_of_them() -> None:
    assert dialect("Nobody is there") is not None
    assert dialect("The ratings are reckoned anew") is not None
    assert dialect("Recommend a threshold; toldo, save the file") is None


def test_sources_use_plain_words() -> None:
    check(dialect_in_sources(), "Write the plain word, subject first.")


def test_pages_use_plain_words() -> None:
    check(dialect_in_pages(), "Write the plain word, subject first.")


def test_movies_have_one_name() -> None:
    check(movie_synonyms(), "Write movie.")


def test_docstrings_state_instead_of_asking() -> None:
    check(docstrings_that_ask(), "Begin with an imperative verb or a noun phrase: 'True if ...'.")


def test_spelling() -> None:
    command = [sys.executable, "-m", "codespell_lib", "src", "docs", "tests", *map(str, ROOT.glob("*.md"))]
    outcome = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert outcome.returncode == 0, (
        f"{outcome.stdout}{outcome.stderr}\nAllowed words: [tool.codespell] in pyproject.toml."
    )


def test_commit_subjects_are_short() -> None:
    subjects = commit_subjects()
    if subjects is None:
        pytest.skip("this copy has no git history to check")
    check(
        (f"{len(subject)} characters: {subject}" for subject in subjects if len(subject) >= MAX_SUBJECT),
        f"Subjects have less than {MAX_SUBJECT} characters: git commit --amend.",
    )
