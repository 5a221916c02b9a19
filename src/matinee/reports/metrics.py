"""The metric registry: the name, label, explanation and format of every metric.

A new metric is one entry here and one function in `evaluation/metrics.py`. The terminal leaderboard, the report card,
the model card and the lab show it from then on.
"""

from dataclasses import dataclass

from matinee.i18n import Language, gettext
from matinee.message import N_


@dataclass(frozen=True)
class Metric:
    """The name, texts and format of a metric. The texts are translated where they are shown."""

    name: str
    label: str
    description: str  # one sentence
    formula: str
    higher_is_better: bool = True
    digits: int = 3  # in the terminal leaderboard
    is_share: bool = True  # between 0 and 1, so that zero belongs on its axis
    is_percent: bool = False  # written as a percentage on the report card
    in_stars: bool = False  # an error of predicted ratings
    at_cutoff: bool = True  # measured for a list length, as in "ndcg@10"
    leaderboard: int = 0  # column in leaderboards and model cards, from 1; 0 if not shown there
    lead: int = 0  # priority when a report picks the metric that orders its models, from 1; 0 if never
    beyond_accuracy: bool = False  # has a panel on the report card
    in_slices: bool = False  # measured for parts of the users or movies too

    def key(self, cutoff: int) -> str:
        """Build the key of this metric in a report, such as `"ndcg@10"` or `"rmse"`."""
        return f"{self.name}@{cutoff}" if self.at_cutoff else self.name


NDCG, HIT_RATE, COVERAGE, GINI, NOVELTY, DIVERSITY = "ndcg", "hr", "coverage", "gini", "novelty", "diversity"
RMSE, MAE = "rmse", "mae"

METRICS = (
    Metric(
        NDCG,
        N_("NDCG"),
        N_("How high the hidden movies rank: a hit at the top counts in full, one further down counts less."),
        N_("Σ over hits 1 ÷ log₂(rank + 1), divided by its largest possible value; mean over users"),
        leaderboard=2,
        lead=1,
        in_slices=True,
    ),
    Metric(
        HIT_RATE,
        N_("Hit rate"),
        N_("How often at least one hidden movie is among the first k suggestions."),
        N_("users with a hit ÷ users tested"),
        leaderboard=1,
        lead=2,
        in_slices=True,
    ),
    Metric(
        "recall",
        N_("Recall"),
        N_("The part of a user’s hidden movies that is among the first k suggestions."),
        N_("hits ÷ hidden movies of the user; mean over users"),
        leaderboard=3,
        lead=3,
        in_slices=True,
    ),
    Metric(
        "recall_capped",
        N_("Recall, capped"),
        N_("Recall that can reach 1 even for a user with more than k hidden movies."),
        N_("hits ÷ min(k, hidden movies of the user); mean over users"),
        lead=7,
    ),
    Metric(
        "recall_pooled",
        N_("Recall, pooled"),
        N_("Recall over all users at once, so users with many hidden movies weigh more."),
        N_("hits of all users ÷ hidden movies of all users"),
        lead=8,
    ),
    Metric(
        "precision",
        N_("Precision"),
        N_("The part of the first k suggestions that are hidden movies."),
        N_("hits ÷ k; mean over users"),
        lead=6,
    ),
    Metric(
        "map",
        N_("MAP"),
        N_("Precision at each hit on the way down the list, averaged: early hits count most."),
        N_("Σ over hits precision at that rank ÷ min(k, hidden movies); mean over users"),
        lead=4,
    ),
    Metric(
        "mrr",
        N_("MRR"),
        N_("How early the first hit comes: 1 at the top, a half at rank 2, a third at rank 3."),
        N_("1 ÷ rank of the first hit, 0 without a hit among k; mean over users"),
        lead=5,
    ),
    Metric(
        COVERAGE,
        N_("Coverage"),
        N_("The part of the catalogue that is suggested to at least one user."),
        N_("different movies suggested ÷ movies in the catalogue"),
        digits=2,
        is_percent=True,
        leaderboard=4,
        beyond_accuracy=True,
    ),
    Metric(
        GINI,
        N_("Gini"),
        N_(
            "How unequally the suggestions are spread: 0 if every movie is suggested equally often, near 1 if a few "
            "take all."
        ),
        N_("Σ (2i − n − 1) xᵢ ÷ (n Σ xᵢ), xᵢ: how often the i-th least suggested of n movies is suggested"),
        higher_is_better=False,
    ),
    Metric(
        NOVELTY,
        N_("Novelty"),
        N_("How little known the suggested movies are, in bits: one more bit means half as many users rated them."),
        N_("mean of −log₂((ratings of the movie + 1) ÷ (users + 1))"),
        digits=2,
        is_share=False,
        leaderboard=5,
        beyond_accuracy=True,
    ),
    Metric(
        DIVERSITY,
        N_("Diversity"),
        N_("How different the movies of one list are in genre: 0 if all share the same genres, 1 if no two share any."),
        N_("mean of 1 − cosine of the genres, over all pairs in the list"),
        leaderboard=6,
        beyond_accuracy=True,
    ),
    Metric(
        RMSE,
        N_("RMSE"),
        N_("How many stars off a predicted rating typically is, with large errors counted extra."),
        N_("√ mean (prediction − rating)²"),
        higher_is_better=False,
        is_share=False,
        in_stars=True,
        at_cutoff=False,
        leaderboard=7,
        lead=9,
    ),
    Metric(
        MAE,
        N_("MAE"),
        N_("How many stars off a predicted rating is on average."),
        N_("mean |prediction − rating|"),
        higher_is_better=False,
        is_share=False,
        in_stars=True,
        at_cutoff=False,
        leaderboard=8,
        lead=10,
    ),
)
LEADERBOARD = tuple(sorted((metric for metric in METRICS if metric.leaderboard), key=lambda metric: metric.leaderboard))
LEADS = tuple(sorted((metric for metric in METRICS if metric.lead), key=lambda metric: metric.lead))
RATING_ERRORS = tuple(metric for metric in METRICS if metric.in_stars)

_BY_NAME = {metric.name: metric for metric in METRICS}


def find_metric(key: str) -> Metric | None:
    """Find the metric of a key such as `"ndcg@10"` or `"rmse"`; None for a key that is not in the registry."""
    return _BY_NAME.get(key.partition("@")[0])


def cutoff_of(key: str) -> int | None:
    """Read the list length from a key such as `"ndcg@10"`; None without one."""
    tail = key.partition("@")[2]
    return int(tail) if tail.isdecimal() else None


def metric_label(key: str, language: Language) -> str:
    """Label a key for readers, as in "NDCG@10"; a key that is not in the registry stays as it is."""
    metric = find_metric(key)
    if metric is None:
        return key
    cutoff = key.partition("@")[2]
    return gettext(language, metric.label) + (f"@{cutoff}" if cutoff else "")


def metric_description(key: str, language: Language) -> str:
    """Explain a key in one sentence; empty for a key that is not in the registry."""
    metric = find_metric(key)
    return "" if metric is None else gettext(language, metric.description)


def lower_is_better(key: str) -> bool:
    """Tell whether less of this metric is better."""
    metric = find_metric(key)
    return metric is not None and not metric.higher_is_better


def has_zero(key: str) -> bool:
    """Tell whether zero belongs on the axis of this metric."""
    metric = find_metric(key)
    return metric is None or metric.is_share
