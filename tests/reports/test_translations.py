import pytest

from matinee.evaluation.report_card.translations import in_chinese, phrase_in, sentence_in, slice_name


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("1,203 users with fewer than 3 ratings are not tested", "1,203 人评分不足 3 条，未参加测试"),
        (
            "find and rate a random 10% of all ratings, knowing the others.",
            "随机藏起 10% 的评分，凭其余的把它们找出来并猜出分数",
        ),
        (
            "the quarter of users with the shortest histories (at most 32 movies)",
            "观影记录最短的四分之一的人（至多 32 部）",
        ),
        ("95% bootstrap over users, 1,000 resamples", "95% 自助法区间，以人为单位重采样 1,000 次"),
    ],
)
def test_known_sentences_keep_their_numbers(english: str, chinese: str) -> None:
    assert in_chinese(english) == chinese


def test_unknown_sentences_stay_in_english_and_are_marked() -> None:
    assert sentence_in("something new", "zh") == ("Something new.", True)
    assert sentence_in("something new", "en") == ("Something new.", False)
    assert phrase_in("something new", "zh") == ("something new", True)
    assert phrase_in("", "zh") == ("", False)
    assert sentence_in("", "zh") == ("", False)


def test_slices_have_headings() -> None:
    assert (slice_name("cold users", "en"), slice_name("cold users", "zh")) == ("Cold users", "看得还少的人")
    assert slice_name("rainy days", "zh") == "rainy days"
