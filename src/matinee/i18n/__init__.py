"""English and Chinese: translations, plurals, and how numbers and names are written."""

from matinee.i18n.catalog import LANGUAGES, Language, gettext, ngettext, preferred_language, translate

__all__ = ["LANGUAGES", "Language", "gettext", "ngettext", "preferred_language", "translate"]
