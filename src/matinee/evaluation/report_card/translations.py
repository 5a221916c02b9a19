"""Sentences that reach the card in English, from the report itself, said in Chinese.

A sentence that is not known here stays in English and is marked as such, so nothing is ever lost.
"""

import re

from matinee.evaluation.report_card.language import Language

_SLICES = {"cold users": "看得还少的人", "tail movies": "冷门片", "hidden movies alone": "只排藏起的电影"}

# What is asked, what was dropped, who is in a slice, how intervals were made, what the models are.
_SENTENCES = (
    (
        r"find the movie each user rated last, knowing all before it",
        "已知之前的一切，猜出每个人最后评分的那部电影",
    ),
    (
        r"find and rate a random ([\d.]+%) of all ratings, knowing the others",
        "随机藏起 {} 的评分，凭其余的把它们找出来并猜出分数",
    ),
    (
        r"find everything each user rated from (.+) on, knowing all before",
        "已知 {} 之前的一切，猜出每个人此后评过分的电影",
    ),
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
    (
        r"([\d,]+) users with no earlier rating \(([\d,]+) test ratings\) are dropped",
        "{} 人此前没有评分，略去（共 {} 条测试评分）",
    ),
    (
        r"([\d,]+) of ([\d,]+) tested users are judged on, drawn by seed (\d+); --users all takes every one",
        "可参加测试的 {1} 人中抽 {0} 人评判（随机种子 {2}）；--users all 则全部评判",
    ),
    (
        r"the quarter of users with the shortest histories \(at most ([\d,]+) movies\)",
        "观影记录最短的四分之一的人（至多 {} 部）",
    ),
    (
        r"test movies outside the most-rated fifth of the catalogue \((\d+%) of ratings\)",
        "测试电影不在评分最多的五分之一之列（这部分占全部评分的 {}）",
    ),
    (r"ranked only among the ([\d,]+) hidden movies", "只在 {} 部藏起的电影之间排序"),
    (r"(\d+)% bootstrap over users, ([\d,]+) resamples", "{}% 自助法区间，以人为单位重采样 {} 次"),
    (r"any movie, by the throw of dice: the floor", "掷骰子随便选：最低线"),
    (r"the most-rated movies, the same for everybody", "评分最多的电影，人人一样"),
    (
        r"movies rated by the same people as yours \(cosine\)",
        "和你看过的电影有同一批观众的电影（余弦相似度）",
    ),
    (
        r"each movie predicted from all others at once, in closed form",
        "用其余所有电影一起预测每一部，有闭式解",
    ),
    (r"the next movie from what was rated lately, in closed form", "从最近评过的电影推下一部，有闭式解"),
    (
        r"several models multiplied together, weights learned on validation",
        "几个模型的得分相乘，权重在验证集上学得",
    ),
    (
        r"two towers: a user's latest movies, and a movie, each as a vector",
        "双塔：最近看过的电影与一部电影各成一个向量",
    ),
    (
        r"stars from who somebody is, and a movie's genres and title read by a convolution",
        "由观众是谁、电影的类型与卷积读出的片名预测几颗星",
    ),
    (
        r"stars from who somebody is, and a movie's genres, title and poster",
        "由观众是谁、电影的类型、片名与海报预测几颗星",
    ),
    (
        r"who rated a movie and what it is about, joined; places movies that nobody rated",
        "谁评过它与它讲什么合在一起；没人评过的电影也有位置",
    ),
    (r"the next movie, by a transformer over the whole history", "用变换器读完整观影史来猜下一部电影"),
    (
        r"mean rating, movie bias and user bias: the baseline of predicted stars",
        "平均分加电影偏差与个人偏差：评分预测的基线",
    ),
    (
        r"Bayesian matrix factorisation by Gibbs sampling: predicted stars",
        "用吉布斯采样做的贝叶斯矩阵分解：预测几颗星",
    ),
    (r"trained for ([\d,]+) epochs in ([\d,]+) s; epoch (\d+) is kept", "训练 {} 轮，共 {} 秒；取第 {} 轮"),
    (r"trained for ([\d,]+) epochs in ([\d,]+) s; the last is kept", "训练 {} 轮，共 {} 秒；取最后一轮"),
    (
        r"judged as saved: it was trained on exactly this split's training and validation part",
        "直接评判已保存的模型：它正是在这次划分的训练与验证部分上学成的",
    ),
)
_PATTERNS = tuple((re.compile(pattern), chinese) for pattern, chinese in _SENTENCES)


def in_chinese(sentence: str) -> str | None:
    """A sentence of the report in Chinese; None if it is not one that is known."""
    for pattern, chinese in _PATTERNS:
        found = pattern.fullmatch(sentence.strip().rstrip("."))
        if found is not None:
            return chinese.format(*found.groups())
    return None


def phrase_in(phrase: str, language: Language) -> tuple[str, bool]:
    """A phrase of the report as it stands, and whether it had to stay in English."""
    chinese = in_chinese(phrase) if language == "zh" else None
    return (phrase, language == "zh" and bool(phrase)) if chinese is None else (chinese, False)


def sentence_in(sentence: str, language: Language) -> tuple[str, bool]:
    """A sentence of the report with capital and full stop, and whether it had to stay in English."""
    said, stays_english = phrase_in(sentence.strip().rstrip("."), language)
    stop = "。" if language == "zh" and not stays_english else "."
    return (f"{said[:1].upper()}{said[1:]}{stop}" if said else ""), stays_english


def slice_name(name: str, language: Language) -> str:
    """The name of a slice as a heading."""
    return _SLICES.get(name, name) if language == "zh" else f"{name[:1].upper()}{name[1:]}"
