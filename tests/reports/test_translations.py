import re

from matinee.i18n import gettext
from matinee.models.registry import MODELS, model_class

CHINESE = re.compile("[一-鿿]")


def test_each_model_description_has_a_chinese_translation() -> None:
    descriptions = [model_class(name).description for name in MODELS]
    assert [text for text in descriptions if not CHINESE.search(gettext("zh", text))] == []
