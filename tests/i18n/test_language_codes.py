from matinee.i18n.language_codes import language_names


def test_codes_become_names_and_names_stay() -> None:
    assert language_names(["en", "cn", "French", "zz"]) == ["English", "Cantonese", "French", "zz"]
    assert language_names(["en", "English"]) == ["English"]
    assert language_names(["xx"]) == []
