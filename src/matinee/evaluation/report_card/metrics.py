"""What each metric is called, which way is good, and what it means in one plain sentence."""

from dataclasses import dataclass

from matinee.evaluation.report_card.language import Text


@dataclass(frozen=True)
class Metric:
    """A metric as people read it; `higher_is_better` is None where neither way is good in itself."""

    name: str
    label: Text
    higher_is_better: bool | None
    sentence: Text
    formula: Text

    @property
    def is_share(self) -> bool:
        """Whether it lies between 0 and 1, so that zero belongs on its scale."""
        return self.name not in ("novelty", "rmse", "mae")

    def titled(self, key: str) -> Text:
        """The label with the length of list it was measured at: `"ndcg@10"` -> NDCG@10."""
        cutoff = key.partition("@")[2]
        return Text(f"{self.label.en}@{cutoff}", f"{self.label.zh}@{cutoff}") if cutoff else self.label


def _metric(
    name: str, label: tuple[str, str], good: bool | None, said: tuple[str, str], formula: tuple[str, str]
) -> Metric:
    return Metric(name, Text(*label), good, Text(*said), Text(*formula))


METRICS = (
    _metric(
        "ndcg",
        ("NDCG", "NDCG"),
        True,
        (
            "How high up the list the hidden movies stand: a hit at the top counts in full, one further "
            "down counts less.",
            "藏起的电影排得有多靠前：排第一记满分，越往后分越少。",
        ),
        (
            "Σ over hits 1 ÷ log₂(rank + 1), divided by the most it could be; mean over people",
            "每个命中记 1 ÷ log₂(名次 + 1)，求和后除以可能的最大值；再对人取平均",
        ),
    ),
    _metric(
        "hr",
        ("Hit rate", "命中率"),
        True,
        (
            "How often at least one hidden movie is among the first k suggestions.",
            "前 k 个推荐里至少有一部藏起的电影，这样的人占多少。",
        ),
        ("people with a hit ÷ people tested", "有命中的人数 ÷ 测试人数"),
    ),
    _metric(
        "recall",
        ("Recall", "召回率"),
        True,
        (
            "What part of a person's hidden movies is among the first k suggestions.",
            "一个人藏起的电影里，有多少出现在前 k 个推荐中。",
        ),
        ("hits ÷ hidden movies of the person; mean over people", "命中数 ÷ 此人藏起的电影数；再对人取平均"),
    ),
    _metric(
        "recall_capped",
        ("Recall, capped", "召回率（封顶）"),
        True,
        (
            "Recall that can reach 1 even when somebody has more than k hidden movies.",
            "即使藏起的电影多于 k 部，也能达到 1 的召回率。",
        ),
        (
            "hits ÷ min(k, hidden movies of the person); mean over people",
            "命中数 ÷ min(k, 此人藏起的电影数)；再对人取平均",
        ),
    ),
    _metric(
        "recall_pooled",
        ("Recall, pooled", "召回率（合计）"),
        True,
        (
            "Recall over everybody at once, so people with many hidden movies weigh more.",
            "把所有人合在一起算的召回率：藏起的电影多的人，分量更重。",
        ),
        ("hits of everybody ÷ hidden movies of everybody", "所有人的命中数 ÷ 所有人藏起的电影数"),
    ),
    _metric(
        "precision",
        ("Precision", "准确率"),
        True,
        (
            "What part of the first k suggestions are hidden movies.",
            "前 k 个推荐里，有多少是藏起的电影。",
        ),
        ("hits ÷ k; mean over people", "命中数 ÷ k；再对人取平均"),
    ),
    _metric(
        "map",
        ("MAP", "MAP"),
        True,
        (
            "Precision read at each hit on the way down the list, averaged: early hits count most.",
            "沿片单往下，每遇到一个命中就算一次准确率，再取平均：命中越靠前，得分越高。",
        ),
        (
            "Σ over hits precision at that rank ÷ min(k, hidden movies); mean over people",
            "各命中处的准确率之和 ÷ min(k, 藏起的电影数)；再对人取平均",
        ),
    ),
    _metric(
        "mrr",
        ("MRR", "MRR"),
        True,
        (
            "How soon the first hit comes: 1 at the top, a half in second place, a third in third.",
            "第一个命中来得多早：排第一得 1，第二得二分之一，第三得三分之一。",
        ),
        (
            "1 ÷ rank of the first hit, 0 if none is among k; mean over people",
            "1 ÷ 首个命中的名次，前 k 个里没有则为 0；再对人取平均",
        ),
    ),
    _metric(
        "coverage",
        ("Coverage", "覆盖率"),
        True,
        (
            "How much of the catalogue is suggested to at least one person.",
            "整个片库里，有多少电影至少被推荐给过一个人。",
        ),
        ("different movies suggested ÷ movies in the catalogue", "推荐过的不同电影数 ÷ 片库电影数"),
    ),
    _metric(
        "gini",
        ("Gini", "基尼系数"),
        False,
        (
            "How unequally the suggestions fall: 0 if every movie is suggested equally often, near 1 if "
            "a few take all.",
            "推荐机会有多不平均：0 表示每部电影机会相同，接近 1 表示少数几部占了全部。",
        ),
        (
            "Σ (2i − n − 1) xᵢ ÷ (n Σ xᵢ), xᵢ: how often the i-th least suggested of n movies is suggested",
            "Σ (2i − n − 1) xᵢ ÷ (n Σ xᵢ)，xᵢ 是 n 部电影里被推荐次数第 i 少的那部的次数",
        ),
    ),
    _metric(
        "novelty",
        ("Novelty", "新颖度"),
        True,
        (
            "How little-known the suggested movies are, in bits: one more bit means half as many people "
            "have seen them.",
            "推荐的电影有多冷门，单位是比特：每多 1 比特，看过它的人就少一半。",
        ),
        (
            "mean of −log₂((ratings of the movie + 1) ÷ (people + 1))",
            "−log₂((该片评分数 + 1) ÷ (人数 + 1))，取平均",
        ),
    ),
    _metric(
        "diversity",
        ("Diversity", "多样性"),
        True,
        (
            "How different the movies of one list are in genre: 0 if all share the same genres, 1 if no two share any.",
            "同一份片单里的电影类型有多不同：0 表示类型全一样，1 表示两两毫无重合。",
        ),
        (
            "mean of 1 − cosine of the genres, over all pairs in the list",
            "片单里每两部电影算一次 1 − 类型的余弦相似度，取平均",
        ),
    ),
    _metric(
        "rmse",
        ("RMSE", "RMSE"),
        False,
        (
            "How many stars off a guessed rating typically is, with large misses counted extra.",
            "猜的评分通常差几颗星，差得越远罚得越重。",
        ),
        ("√ mean (guess − rating)²", "√ 平均 (猜测 − 评分)²"),
    ),
    _metric(
        "mae",
        ("MAE", "MAE"),
        False,
        ("How many stars off a guessed rating is on average.", "猜的评分平均差几颗星。"),
        ("mean |guess − rating|", "平均 |猜测 − 评分|"),
    ),
)

_BY_NAME = {metric.name: metric for metric in METRICS}


def metric_of(key: str) -> Metric | None:
    """The metric a key such as `"ndcg@10"` or `"rmse"` belongs to; None if it is not one of ours."""
    return _BY_NAME.get(key.partition("@")[0])


def label_of(key: str) -> Text:
    """How a key is written for people; a key that is not ours is written as it is."""
    metric = metric_of(key)
    return Text(key, key) if metric is None else metric.titled(key)
