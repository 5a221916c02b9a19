import re

from matinee.i18n import gettext
from matinee.message import Message
from matinee.models.registry import MODELS, model_class
from matinee.reports.card.messages import phrase, sentence, slice_name

LIMIT = Message("the quarter of users with the shortest histories (at most {limit} movies)", {"limit": 32})
RESAMPLES = Message("95% bootstrap over users, {resamples:,} resamples", {"resamples": 1000})


def test_translated_messages_keep_their_numbers() -> None:
    assert phrase(LIMIT, "zh") == ("观影记录最短的四分之一的用户（至多 32 部）", False)
    assert phrase(RESAMPLES, "zh") == ("95% 自助法区间，以用户为单位重采样 1,000 次", False)
    assert sentence(RESAMPLES, "en") == ("95% bootstrap over users, 1,000 resamples.", False)


def test_a_text_without_translation_stays_in_english_and_is_marked() -> None:
    assert sentence("something new", "zh") == ("Something new.", True)
    assert sentence(Message("something new"), "en") == ("Something new.", False)
    assert phrase("something {new}", "zh") == ("something {new}", True)
    assert phrase("", "zh") == ("", False)
    assert sentence(Message(""), "zh") == ("", False)


def test_slices_have_headings() -> None:
    assert (slice_name("cold users", "en"), slice_name("cold users", "zh")) == ("Cold users", "看得还少的用户")
    assert slice_name("rainy days", "zh") == "Rainy days"


def test_each_model_description_has_a_chinese_translation() -> None:
    descriptions = [model_class(name).description for name in MODELS]
    assert [text for text in descriptions if not re.search("[一-鿿]", gettext("zh", text))] == []
