from matinee.service.web.spoken import named


def test_codes_have_names_and_names_stay() -> None:
    assert named(["en", "cn", "French", "zz"]) == ["English", "Cantonese", "French", "zz"]
    assert named(["en", "English"]) == ["English"]
    assert named(["xx"]) == []
