import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data.titles import article_first, split_year, title_keys

words = st.text("abcdefgh", min_size=2, max_size=6)
names = st.lists(words, min_size=1, max_size=4).map(" ".join)


@pytest.mark.parametrize(
    ("title", "name", "year"),
    [
        ("Toy Story (1995)", "Toy Story", 1995),
        ("Toy Story (1995) ", "Toy Story", 1995),
        ("  Toy Story ", "Toy Story", None),
        ("Seven (a.k.a. Se7en) (1995)", "Seven (a.k.a. Se7en)", 1995),
        ("2001: A Space Odyssey (1968)", "2001: A Space Odyssey", 1968),
        ("1984", "1984", None),
        ("(1984)", "", 1984),
        ("Twin Peaks (1990-1991)", "Twin Peaks", 1990),
        ("The Office (2005–)", "The Office", 2005),
        ("Stand, The (1994) (TV)", "Stand, The", 1994),
        ("Land Before Time III (1995) (V) ", "Land Before Time III", 1995),
        ("Network (TV)", "Network (TV)", None),
        ("Movie (95)", "Movie (95)", None),
        ("Movie (19951)", "Movie (19951)", None),
        ("Movie (1995) Director's Cut", "Movie (1995) Director's Cut", None),
        ("", "", None),
    ],
)
def test_split_year(title: str, name: str, year: int | None) -> None:
    assert split_year(title) == (name, year)


@given(st.text(), st.integers(1000, 9999))
def test_split_year_removes_an_added_year(title: str, year: int) -> None:
    assert split_year(f"{title} ({year})") == (title.strip(), year)


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ("Usual Suspects, The", "The Usual Suspects"),
        ("Misérables, Les (1995)", "Les Misérables (1995)"),
        ("Enfer, L' (1994)", "L'Enfer (1994)"),
        ("Good, the Bad and the Ugly, The (1966)", "The Good, the Bad and the Ugly (1966)"),
        ("City of Lost Children, The (Cité des enfants perdus, La)", None),
        ("Beautiful Mind, A", "A Beautiful Mind"),
        ("Die Hard", "Die Hard"),
        ("I, Robot", "I, Robot"),
        ("O Brother, Where Art Thou?", "O Brother, Where Art Thou?"),
        ("Sex, Lies, and Videotape", "Sex, Lies, and Videotape"),
        ("Theory, Then", "Theory, Then"),
        ("", ""),
    ],
)
def test_article_first(listed: str, expected: str | None) -> None:
    expected = "The City of Lost Children (Cité des enfants perdus, La)" if expected is None else expected
    assert article_first(listed) == expected


@pytest.mark.parametrize(
    ("title", "keys"),
    [
        ("Seven (a.k.a. Se7en)", ["seven", "se7en"]),
        ("Léon (aka The Professional)", ["leon", "professional"]),
        ("Usual Suspects, The", ["usual suspects"]),
        (
            "City of Lost Children, The (Cité des enfants perdus, La)",
            ["city of lost children", "cite des enfants perdus"],
        ),
        ("AMÉLIE", ["amelie"]),
        ("Fast & Furious", ["fast and furious"]),
        ("L'Avventura", ["lavventura"]),
        ("Schindler’s List", ["schindlers list"]),
        ("I, Robot", ["i robot"]),
        ("As Good as It Gets", ["as good as it gets"]),
        ("A", ["a"]),
        ("The (The)", ["the"]),
        ("千と千尋の神隠し", ["千と千尋の神隠し"]),
        ("Солярис", ["солярис"]),
        ("...", ["..."]),
        ("()", ["()"]),
        ("", [""]),
    ],
)
def test_title_keys(title: str, keys: list[str]) -> None:
    assert title_keys(title) == keys


@given(names, st.sampled_from(["The", "A", "An", "Les", "La", "El", "Der", "Das", "Il", "Gli", "Un"]))
def test_the_position_of_articles_does_not_matter(name: str, article: str) -> None:
    assert title_keys(f"{name}, {article}") == title_keys(f"{article} {name}")
    assert title_keys(f"{article} zz {name}") == [f"zz {name}"]


@given(names, names)
def test_alternative_titles_have_keys(name: str, other: str) -> None:
    keys = title_keys(f"{name} ({other})")
    assert keys[0] == title_keys(name)[0]
    assert set(keys) == {title_keys(name)[0], title_keys(other)[0]}


@given(names)
def test_case_and_punctuation_do_not_matter(name: str) -> None:
    assert title_keys(name.upper() + "!?") == title_keys(name) == title_keys("¿" + name.replace(" ", " - "))


@given(st.text())
def test_every_text_has_stable_keys(title: str) -> None:
    keys = title_keys(title)
    assert keys
    assert keys == title_keys(title)
    assert len(set(keys)) == len(keys)
    assert all(keys) or not title
    assert article_first(title).count("(") == title.count("(")


@pytest.mark.parametrize(("title", "other"), [("Red Beard (akahige)", "akahige"), ("Seven (AKA Se7en)", "se7en")])
def test_also_known_as_is_recognised_in_any_case(title: str, other: str) -> None:
    assert title_keys(title)[1] == other


def test_keys_are_lower_case() -> None:
    assert title_keys("Lego™ Movie") == title_keys("LegoTM Movie")


@pytest.mark.parametrize(("first", "second"), [("दिल", "दुल"), ("かき", "がき")])
def test_titles_in_other_scripts_keep_their_letters(first: str, second: str) -> None:
    assert title_keys(first) != title_keys(second)
