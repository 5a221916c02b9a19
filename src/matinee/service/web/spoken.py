"""Languages of films by their names: TMDB and others write them as codes of ISO 639-1."""

CODES: dict[str, str] = {
    "ar": "Arabic",
    "bn": "Bengali",
    "bs": "Bosnian",
    "cn": "Cantonese",  # TMDB's own
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "et": "Estonian",
    "eu": "Basque",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "ga": "Irish",
    "he": "Hebrew",
    "hi": "Hindi",
    "hu": "Hungarian",
    "hy": "Armenian",
    "id": "Indonesian",
    "is": "Icelandic",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "la": "Latin",
    "lv": "Latvian",
    "mk": "Macedonian",
    "ml": "Malayalam",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sh": "Serbo-Croatian",
    "sr": "Serbian",
    "sv": "Swedish",
    "ta": "Tamil",
    "te": "Telugu",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "vi": "Vietnamese",
    "zh": "Mandarin",
}
_NONE = ("xx", "zxx")  # nobody speaks


def named(languages: list[str]) -> list[str]:
    """Languages by their English names, each once; a code that is not known stays."""
    return list(dict.fromkeys(CODES.get(one, one) for one in languages if one not in _NONE))
