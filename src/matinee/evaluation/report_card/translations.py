"""Sentences that reach the card in English, from the report itself, said in Chinese.

A sentence that is not known here stays in English and is marked as such, so nothing is ever lost.
"""

import re

from matinee.evaluation.report_card.language import Language

_MODELS = {
    "random": "给每个人随机洗一遍片库：最低线",
    "popularity": "评分最多的电影，人人一样：先要赢过它",
    "item_cf": "物品协同过滤：哪些电影常被同一批人看",
    "ease": "闭式解的物品间回归（Steck 2019）",
    "slist": "闭式解的序列回归：从最近看过的推下一部（Choi 等 2021）",
    "ials": "隐式反馈的交替最小二乘（iALS）",
    "text_cnn": "评分预测：用户与电影特征，片名用 TextCNN 读",
    "poster_towers": "评分预测：再加上海报的双塔",
    "dssm": "双塔召回（DSSM）",
    "hybrid": "内容与协同两路合一",
    "sasrec": "读观影顺序的因果 Transformer（SASRec）",
    "blend": "把几个模型的得分按对数合在一起，权重只在验证集上定",
}

_SLICES = {"cold users": "看得还少的人", "tail movies": "冷门片"}

# What is asked, what was dropped, who is in a slice, how intervals were made.
_SENTENCES = (
    (r"find the movie each user rated last, knowing all before it", "已知之前的一切，猜出每个人最后评分的那部电影"),
    (r"find and rate a random ([\d.]+%) of all ratings, knowing the others", "随机藏起 {} 的评分，凭其余的把它们找出来并猜出分数"),
    (r"find everything each user rated from (.+) on, knowing all before", "已知 {} 之前的一切，猜出每个人此后评过分的电影"),
    (
        r"place ([\d,]+) movies that nobody has rated yet, knowing each user's other ratings",
        "已知每个人的其他评分，为 {} 部还没有人评过分的电影排位",
    ),
    (r"find and rate what the files give as the test part", "找出文件里划作测试的评分并猜出分数"),
    (r"([\d,]+) users with fewer than (\d+) ratings are not tested", "{} 人评分不足 {} 条，未参加测试"),
    (
        r"([\d,]+) users rated their last two movies in the same second; file order decided which is last",
        "{} 人最后两部电影在同一秒评分，以文件中的先后为准",
    ),
    (r"([\d,]+) users with no earlier rating \(([\d,]+) test ratings\) are dropped", "{} 人此前没有评分，略去（共 {} 条测试评分）"),
    (r"the quarter of users with the shortest histories \(at most ([\d,]+) movies\)", "观影记录最短的四分之一的人（至多 {} 部）"),
    (r"(\d+)% bootstrap over users, ([\d,]+) resamples", "{}% 自助法区间，以人为单位重采样 {} 次"),
)
_PATTERNS = tuple((re.compile(pattern), chinese) for pattern, chinese in _SENTENCES)


def in_chinese(sentence: str) -> str | None:
    """A sentence of the report in Chinese; None if it is not one that is known."""
    for pattern, chinese in _PATTERNS:
        found = pattern.fullmatch(sentence.strip().rstrip("."))
        if found is not None:
            return chinese.format(*found.groups())
    return None


def sentence_in(sentence: str, language: Language) -> tuple[str, bool]:
    """A sentence of the report with capital and full stop, and whether it had to stay in English."""
    whole = sentence.strip().rstrip(".")
    chinese = in_chinese(sentence) if language == "zh" else None
    if chinese is not None:
        return f"{chinese}。", False
    return (f"{whole[:1].upper()}{whole[1:]}." if whole else ""), language == "zh"


def model_about(name: str, about: str, language: Language) -> tuple[str, bool]:
    """What a model is, in one line, and whether that line had to stay in English."""
    if language == "zh" and name in _MODELS:
        return _MODELS[name], False
    return about, language == "zh" and bool(about)


def slice_name(name: str, language: Language) -> str:
    """The name of a slice as a heading."""
    return _SLICES.get(name, name) if language == "zh" else f"{name[:1].upper()}{name[1:]}"
