import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data.linking.title_forms import spellings, title_forms


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("8 1/2", "8½"),
        ("M*A*S*H", "MASH"),
        ("Kill Bill: Vol. 2", "Kill Bill: Volume 2"),
        ("The Godfather: Part II", "The Godfather Part 2"),
        ("Twelve Monkeys", "12 Monkeys"),
        ("Three Colors: Red", "Three Colours: Red"),
        ("William & Mary", "William + Mary"),
        ("Sunset Blvd.", "Sunset Boulevard"),
        ("Die xue shuang xiong (Killer, The)", "The Killer"),
        ("Star Trek: The Wrath of Khan", "Star Trek II: The Wrath of Khan"),
        ("Gone in 60 Seconds", "Gone in Sixty Seconds"),
        ("Aeon Flux", "Æon Flux"),
        ("Shark Night 3D", "Shark Night"),
        ("The Adventures of Sharkboy and Lavagirl 3-D", "The Adventures of Sharkboy and Lavagirl in 3-D"),
    ],
)
def test_spellings_of_one_title_are_equal(first, second):
    assert title_forms(first).whole.keys() & title_forms(second).whole.keys()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Alien", "Aliens"),
        ("Toy Story", "Toy Story 2"),
        ("Rocky II", "Rocky III"),
        ("Star Trek: Generations", "Star Trek: Insurrection"),
        ("Pokémon: The Movie", "Jetsons: The Movie"),
        ("Jaws 3-D", "Jaws 3"),
        ("3D", "2D"),
    ],
)
def test_different_titles_are_different(first, second):
    assert not title_forms(first).whole.keys() & title_forms(second).whole.keys()


@pytest.mark.parametrize(
    ("long", "short"),
    [
        ("Star Wars: Episode IV – A New Hope", "Star Wars"),
        ("Star Wars: Episode VI – Return of the Jedi", "Return of the Jedi"),
        ("Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb", "Dr. Strangelove"),
        ("William Shakespeare's Romeo and Juliet", "Romeo + Juliet"),
        ("Robert A. Heinlein's The Puppet Masters", "The Puppet Masters"),
        ("About Sex *But Were Afraid to Ask", "About Sex"),
        ("Dr. Seuss' The Lorax", "The Lorax"),
        ("Tales from the Crypt Presents: Demon Knight", "Demon Knight"),
    ],
)
def test_a_part_may_be_another_title(long, short):
    assert title_forms(long).parts.keys() & title_forms(short).whole.keys()
    assert not title_forms(long).whole.keys() & title_forms(short).whole.keys()


def test_forms_have_their_number_of_words():
    assert title_forms("The Wrong Trousers").whole == {"wrongtrousers": 2}
    assert title_forms("2010: The Year We Make Contact").parts["2010"] == 1


def test_short_parts_are_left_out():
    assert title_forms("Pi: Faith in Chaos").parts.keys() == {"faithinchaos"}
    assert title_forms("Fargo").parts == {}


@given(st.text())
def test_any_text_has_forms_without_spaces(title):
    forms = title_forms(title)
    for form, words in (forms.whole | forms.parts).items():
        assert form
        assert " " not in form
        assert words >= 1


def test_spellings_keep_spaces():
    assert spellings("The Killer, Part II (Xue shuang xiong)") == ["killer 2", "xue shuang xiong"]
    assert spellings("Fifty/Fifty") == ["50 50"]
