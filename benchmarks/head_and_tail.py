"""How much accuracy does a dense solution of only the most-rated movies cost, at 1/2, 1/4 and 1/8 of the memory?"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.harness import RESULTS, ml_1m, record
from matinee.data.files import write_bytes
from matinee.data.splits import Split, make_split
from matinee.evaluation.intervals import Bootstrap, holm, sign_flip_p_values
from matinee.evaluation.metrics import PerUser, accuracy
from matinee.evaluation.ranking import rank_targets
from matinee.evaluation.resources import ResourceMeter
from matinee.models.blend.blend import Blend
from matinee.models.linear.head_tail import HeadTail
from matinee.models.linear.linear_recommender import LinearRecommender
from matinee.models.memory_budget import describe_solver
from matinee.models.recommender import Recommender
from matinee.models.registry import make

MODELS = {"ease": {}, "ease, half-life 4": {"half_life": 4.0}, "slist": {}, "blend": {}}
BUDGETS = (1.0, 0.5, 0.25, 0.125)  # shares of the memory of a dense solution, which grows with the square of its movies
METRIC = "ndcg@10"


@dataclass(frozen=True)
class Evaluated:
    """A model at one budget."""

    values: PerUser
    seconds: float
    solver: str


def run() -> None:
    """Measure NDCG@10 of each model at each budget on MovieLens 1M, and its paired difference from the full budget."""
    split = make_split(ml_1m(), "leave-last")
    bootstrap = Bootstrap(len(split.tested_users), seed=0)
    results: dict[str, Any] = {}
    for name, settings in MODELS.items():
        evaluated = {budget: _evaluate(_model(name, settings, budget, split), split) for budget in BUDGETS}
        results[name] = _compare(evaluated, bootstrap)
        print(name, results[name], flush=True)
    results["weights in half precision"] = _half_precision(split, bootstrap)
    record(
        "head_and_tail",
        "MovieLens 1M, leave-last: NDCG@10 with dense solutions within a share of the memory that all movies take?",
        results,
    )
    write_bytes(RESULTS / "head_and_tail.png", _plot(results))


def _model(name: str, settings: dict[str, Any], budget: float, split: Split) -> Recommender:
    head = None if budget == 1 else int(split.train.n_movies * budget**0.5)
    return make(name.partition(",")[0], head=head, **settings)


def _evaluate(model: Recommender, split: Split) -> Evaluated:
    with ResourceMeter() as fitting:
        model.fit(split.train, split.validation)
    return Evaluated(
        _ndcg(model, split),
        fitting.seconds,
        "; ".join(map(str, describe_solver(model, split.before_test.counts))),
    )


def _ndcg(model: Recommender, split: Split) -> PerUser:
    return accuracy(rank_targets(model, split.histories, split.targets, 10), 10)[METRIC]


def _compare(evaluated: dict[float, Evaluated], bootstrap: Bootstrap) -> dict[str, Any]:
    full, *others = evaluated.values()
    p_values = holm(
        sign_flip_p_values(np.array([full.values.above - result.values.above for result in others]), seed=0)
    )
    comparison: dict[str, Any] = {}
    for index, (budget, result) in enumerate(evaluated.items()):
        figure = bootstrap.figure(result.values)
        comparison[f"{budget:g} of the memory"] = {
            METRIC: _rounded(figure),
            "fit_seconds": round(result.seconds, 1),
            "solver": result.solver or "all movies densely",
        }
        if index:
            difference = bootstrap.difference(result.values, full.values)
            comparison[f"{budget:g} of the memory"] |= {
                "difference from full memory": _rounded(difference),
                "in percent": round(float(100 * difference.value / full.values.above.mean()), 2),
                "p": round(float(p_values[index - 1]), 4),
            }
    return comparison


def _half_precision(split: Split, bootstrap: Bootstrap) -> dict[str, Any]:
    """Compare dense blends with weights in half and in single precision."""
    model = make("blend").fit(split.train, split.validation)
    assert isinstance(model, Blend)
    before = _ndcg(model, split)
    parts = [part for part in model.parts if isinstance(part, LinearRecommender)]
    for weights in {id(part.weights): part.weights for part in parts}.values():
        assert not isinstance(weights, HeadTail)
        weights[:] = weights.astype(np.float16)
    after = _ndcg(model, split)
    p = float(sign_flip_p_values((after.above - before.above)[None], seed=0)[0])
    return {"difference from single precision": _rounded(bootstrap.difference(after, before)), "p": round(p, 4)}


def _rounded(figure: object) -> list[float]:
    """Return the value and the ends of the 95% interval."""
    return [round(value, 5) for value in vars(figure).values()]


def _plot(results: dict[str, Any]) -> bytes:
    """Return a PNG: the difference of NDCG@10 from the dense solution in percent, at each budget."""
    import io

    from matplotlib.figure import Figure as Drawing

    drawing = Drawing(figsize=(7, 4), layout="constrained")
    axes: Any = drawing.subplots()
    for name in MODELS:
        dense = results[name]["1 of the memory"][METRIC][0]
        differences = [
            results[name][f"{budget:g} of the memory"].get("difference from full memory", [0, 0, 0])
            for budget in BUDGETS
        ]
        middle, low, high = 100 * np.array(differences).T / dense
        axes.errorbar(range(len(BUDGETS)), middle, [middle - low, high - middle], capsize=3, marker=".", label=name)
    axes.axhline(-2, color="grey", linestyle=":")
    axes.set_xticks(range(len(BUDGETS)), ["all", "1/2", "1/4", "1/8"])
    axes.set_xlabel("memory of the dense solution")
    axes.set_ylabel("NDCG@10 against all of it, %")
    axes.legend()
    axes.grid(alpha=0.3)
    content = io.BytesIO()
    drawing.savefig(content, format="png", dpi=120)
    return content.getvalue()
