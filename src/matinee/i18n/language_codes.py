"""Names of spoken languages for the codes of ISO 639-1, which TMDB and others use."""

from matinee.message import N_

CODES: dict[str, str] = {
    "ar": N_("Arabic"),
    "bn": N_("Bengali"),
    "bs": N_("Bosnian"),
    "cn": N_("Cantonese"),  # a code of TMDB
    "cs": N_("Czech"),
    "da": N_("Danish"),
    "de": N_("German"),
    "el": N_("Greek"),
    "en": N_("English"),
    "es": N_("Spanish"),
    "et": N_("Estonian"),
    "eu": N_("Basque"),
    "fa": N_("Persian"),
    "fi": N_("Finnish"),
    "fr": N_("French"),
    "ga": N_("Irish"),
    "he": N_("Hebrew"),
    "hi": N_("Hindi"),
    "hu": N_("Hungarian"),
    "hy": N_("Armenian"),
    "id": N_("Indonesian"),
    "is": N_("Icelandic"),
    "it": N_("Italian"),
    "ja": N_("Japanese"),
    "ko": N_("Korean"),
    "la": N_("Latin"),
    "lv": N_("Latvian"),
    "mk": N_("Macedonian"),
    "ml": N_("Malayalam"),
    "nl": N_("Dutch"),
    "no": N_("Norwegian"),
    "pl": N_("Polish"),
    "pt": N_("Portuguese"),
    "ro": N_("Romanian"),
    "ru": N_("Russian"),
    "sh": N_("Serbo-Croatian"),
    "sr": N_("Serbian"),
    "sv": N_("Swedish"),
    "ta": N_("Tamil"),
    "te": N_("Telugu"),
    "th": N_("Thai"),
    "tr": N_("Turkish"),
    "uk": N_("Ukrainian"),
    "vi": N_("Vietnamese"),
    "zh": N_("Mandarin"),
}
_NO_LANGUAGE = ("xx", "zxx")  # codes of silent movies


def language_names(codes_or_names: list[str]) -> list[str]:
    """English names of languages, without duplicates. A name or an unknown code stays as it is."""
    return list(dict.fromkeys(CODES.get(code, code) for code in codes_or_names if code not in _NO_LANGUAGE))
