import tracemalloc
from itertools import product

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from matinee.evaluation.intervals import RESAMPLES, Bootstrap, holm, sign_flip_p_values
from matinee.evaluation.metrics import PerUser, coverage, gini
from matinee.reports.schema import Figure


def mean_of(values: npt.ArrayLike) -> PerUser:
    above = np.asarray(values, dtype=float)
    return PerUser(above, np.ones(len(above)))


def test_the_interval_of_a_normal_sample_is_the_textbook_one() -> None:
    values = np.random.default_rng(1).normal(3.0, 2.0, 500)
    figure = Bootstrap(500, seed=0).figure(mean_of(values))
    half = 1.96 * values.std() / np.sqrt(500)
    assert figure.value == pytest.approx(values.mean())
    assert figure.low == pytest.approx(values.mean() - half, abs=0.1 * half)
    assert figure.high == pytest.approx(values.mean() + half, abs=0.1 * half)


def test_intervals_hold_the_true_mean_about_95_times_in_100() -> None:
    rng = np.random.default_rng(2)
    held = 0
    for sample in range(200):
        figure = Bootstrap(40, seed=sample).figure(mean_of(rng.normal(0.3, 0.1, 40)))
        held += figure.low <= 0.3 <= figure.high
    assert 0.90 <= held / 200 <= 0.99  # two standard errors of 200 throws are 0.03


def test_every_user_is_drawn_as_often_as_any_other() -> None:
    times, same, other = (np.concatenate(list(Bootstrap(50, seed).resamples())) for seed in (0, 0, 1))
    assert times.shape == (RESAMPLES, 50)
    assert (times.sum(axis=1) == 50).all()
    assert times.mean(axis=0) == pytest.approx(np.ones(50), abs=0.15)
    np.testing.assert_array_equal(times, same)
    assert (times != other).any()


def test_resamples_that_are_drawn_again_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    cached = Bootstrap(30, seed=0)
    values = mean_of(np.random.default_rng(9).random(30))
    top = np.random.default_rng(9).integers(0, 9, (30, 3)).astype(np.int32)
    monkeypatch.setattr("matinee.evaluation.intervals._CACHE_BYTES", 0)
    monkeypatch.setattr("matinee.evaluation.intervals._BLOCK_BYTES", 4 * 30 * 7)  # seven resamples at a time
    drawn = Bootstrap(30, seed=0)
    for first, second in zip(cached.resamples(), [np.concatenate(list(drawn.resamples()))], strict=True):
        np.testing.assert_array_equal(first, second)
    assert vars(drawn.figure(values)) == pytest.approx(vars(cached.figure(values)))
    for ours, theirs in zip(drawn.of_lists(top, 9), cached.of_lists(top, 9), strict=True):
        assert vars(ours) == pytest.approx(vars(theirs))


def test_figures_of_several_metrics_are_those_of_each() -> None:
    rng = np.random.default_rng(10)
    metrics = {name: PerUser(rng.random(40), rng.random(40)) for name in "abc"}
    bootstrap = Bootstrap(40, seed=0)
    together = bootstrap.figures(metrics, roots=("b",))
    for name, metric in metrics.items():
        assert vars(together[name]) == pytest.approx(vars(bootstrap.figure(metric, root=name == "b")))
    assert bootstrap.figures({}) == {}


def test_a_pooled_figure_is_a_ratio_of_sums() -> None:
    rng = np.random.default_rng(3)
    below = rng.integers(1, 50, 300).astype(float)
    above = rng.binomial(below.astype(int), 0.2).astype(float)
    figure = Bootstrap(300, seed=0).figure(PerUser(above, below))
    assert figure.value == pytest.approx(above.sum() / below.sum())
    # The delta method: residuals above - value * below, over the mean of below.
    half = 1.96 * (above - figure.value * below).std() / below.mean() / np.sqrt(300)
    assert figure.high - figure.low == pytest.approx(2 * half, rel=0.1)


def test_the_root_is_taken_after_the_mean() -> None:
    errors = PerUser(np.array([9.0, 16.0]), np.array([1.0, 1.0]))
    plain, root = (Bootstrap(2, seed=0).figure(errors, root=root) for root in (False, True))
    assert root.value == pytest.approx(np.sqrt(12.5))
    assert (root.low, root.high) == pytest.approx((np.sqrt(plain.low), np.sqrt(plain.high)))


def test_a_constant_lead_is_certain() -> None:
    values = np.random.default_rng(4).random(100)
    lead = Bootstrap(100, seed=0).difference(mean_of(values + 0.01), mean_of(values))
    assert (lead.value, lead.low, lead.high) == pytest.approx((0.01, 0.01, 0.01), abs=1e-6)
    assert Bootstrap(100, seed=0).difference(mean_of(values), mean_of(values)) == Figure(0.0, 0.0, 0.0)


def test_coverage_and_gini_of_all_lists_together() -> None:
    rng = np.random.default_rng(5)
    top = rng.integers(0, 30, (80, 4)).astype(np.int32)
    top[::5, 2:] = -1
    covered, unequal = Bootstrap(80, seed=0).of_lists(top, 40)
    shown = np.bincount(top[top >= 0], minlength=40).astype(float)
    assert covered.value == pytest.approx(coverage(shown))
    assert unequal.value == pytest.approx(gini(shown))
    for figure in (covered, unequal):
        assert 0 <= figure.low <= figure.value <= figure.high <= 1
        assert figure.high - figure.low < 0.3


def test_identical_lists_have_a_certain_coverage() -> None:
    top = np.tile(np.array([0, 1, -1], dtype=np.int32), (20, 1))
    covered, unequal = Bootstrap(20, seed=0).of_lists(top, 10)
    assert (covered.value, covered.low, covered.high) == pytest.approx((0.2, 0.2, 0.2))
    assert (unequal.value, unequal.low, unequal.high) == pytest.approx((0.8, 0.8, 0.8))


def test_p_values_are_uniform_without_a_difference() -> None:
    differences = np.random.default_rng(6).normal(0, 1, (400, 60))
    p_values = sign_flip_p_values(differences, seed=0)
    assert stats.kstest(p_values, "uniform").pvalue > 0.01
    assert 0.02 <= (p_values < 0.05).mean() <= 0.08


def test_p_values_are_those_of_every_possible_flip() -> None:
    differences = np.array([[0.3, 0.1, -0.2, 0.5, 0.4, 0.1, 0.0, 0.25], [0.1, -0.1, 0.2, -0.2, 0.3, 0.1, 0.1, -0.3]])
    flips = np.array(list(product([-1, 1], repeat=8)))
    exact = [(np.abs(flips @ row) >= abs(row.sum()) - 1e-9).mean() for row in differences]
    assert sign_flip_p_values(differences, seed=0) == pytest.approx(exact, abs=0.02)


def test_a_real_difference_has_the_smallest_possible_p_value() -> None:
    differences = np.random.default_rng(7).normal(0.5, 1, (1, 300))
    assert sign_flip_p_values(differences, seed=0).tolist() == [1 / 10_001]
    assert sign_flip_p_values(-differences, seed=0).tolist() == [1 / 10_001]


def test_identical_models_have_p_1() -> None:
    assert sign_flip_p_values(np.zeros((2, 50)), seed=0).tolist() == [1, 1]


def test_a_p_value_does_not_depend_on_the_other_pairs() -> None:
    differences = np.random.default_rng(8).normal(0.1, 1, (3, 40))
    together = sign_flip_p_values(differences, seed=0)
    alone = [float(sign_flip_p_values(differences[i : i + 1], seed=0)[0]) for i in range(3)]
    assert together == pytest.approx(alone)


@pytest.mark.parametrize(
    ("p_values", "corrected"),
    [
        (
            [0.01, 0.04, 0.03],
            [0.03, 0.06, 0.06],
        ),  # 3 * 0.01; 2 * 0.03; 1 * 0.04, but not below the one before
        ([0.04, 0.01, 0.02, 0.03], [0.06, 0.04, 0.06, 0.06]),  # 4 * 0.01; 3 * 0.02; 2 * 0.03; 0.04, raised
        ([0.5, 0.9], [1.0, 1.0]),
        ([0.02], [0.02]),
        ([0.02, 0.02], [0.04, 0.04]),
        ([], []),
    ],
)
def test_holm(p_values: list[float], corrected: list[float]) -> None:
    assert holm(np.array(p_values)).tolist() == pytest.approx(corrected)


def test_an_interval_holds_its_value() -> None:
    figure = Bootstrap(943, seed=0).figure(mean_of([0.1] * 943))
    assert figure.low <= figure.value <= figure.high


@pytest.mark.parametrize("n_users", [2000, 100_000])
def test_no_more_than_a_block_of_resamples_is_held(n_users: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matinee.evaluation.intervals.RESAMPLES", 100)  # as many as take 40 MB for 100,000 users
    monkeypatch.setattr("matinee.evaluation.intervals._CACHE_BYTES", 1 << 20)
    monkeypatch.setattr("matinee.evaluation.intervals._BLOCK_BYTES", 4 << 20)
    values = mean_of(np.zeros(n_users))
    tracemalloc.start()
    Bootstrap(n_users, seed=0).figure(values)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 15 << 20
