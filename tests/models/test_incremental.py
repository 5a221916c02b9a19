from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from matinee.data.dataset import Dataset
from matinee.errors import RunError
from matinee.models.blend.blend import Blend
from matinee.models.incremental import delta_since, update_model, user_digests
from matinee.models.linear.closed_form import ClosedForm
from matinee.models.recommender import Recommender
from matinee.models.registry import make
from matinee.models.runs import load_run, save_run
from tests.datasets import START, dataset_of, small_ratings

SETTINGS = {
    "ease": {"head": 9, "reg": 5.0},
    "slist": {"head": 9, "reg": 5.0},
    "blend": {
        "head": 9,
        "parts": [{"model": "slist"}, {"model": "ease"}, {"model": "ease", "settings": {"half_life": 2.0}}],
    },
}


def before() -> Dataset:
    return small_ratings(seed=1, n_users=40)


def after(data: Dataset, first_id: int = 100) -> Dataset:
    """Add ratings of old and new users, and new movies, one of which sorts before all others."""
    old, rng = data.ratings, np.random.default_rng(0)
    assert old.rating is not None
    assert old.timestamp is not None
    more = [(int(user), int(movie) + 1) for user in range(12) for movie in rng.choice(21, 3, replace=False)]
    more += [(user, int(movie)) for user in range(40, 46) for movie in rng.choice(22, 4, replace=False)]
    rated = set(zip(old.user.tolist(), (old.movie + 1).tolist(), strict=True))
    more = [pair for pair in more if pair not in rated]
    users, movies = (np.array(column) for column in zip(*more, strict=True))
    grown = dataset_of(
        np.concatenate([old.user, users]),
        np.concatenate([old.movie + 1, movies]),
        np.concatenate([old.rating, np.full(len(more), 4.0)]),
        np.concatenate([old.timestamp, START * 2 + np.arange(len(more))]),
        n_users=46,
        n_movies=22,
    )
    ids = np.concatenate([[7], data.movie_ids.ids, [500]])
    return replace(grown, movie_ids=type(data.movie_ids)(ids), movies=grown.movies.with_columns(movie_id=ids))


def updated(model: Recommender, old: Dataset, new: Dataset, folder: Path) -> Recommender:
    assert isinstance(model, ClosedForm | Blend)
    model.keep_sums(folder / "sums")
    save_run(folder / "run", model.fit(old), old, folder, statistics=folder / "sums")
    run = load_run(folder / "run")
    update_model(run.model, run.folder, run.movie_ids, new, folder / "sums")
    return run.model


def same_head(model: Recommender, old: Dataset, new: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make later fits use the head of a fit on `old`."""
    from matinee.models.linear import closed_form
    from matinee.models.linear.head_tail import PopularityOrder

    rows = new.movie_ids.rows(old.movie_ids.ids)

    class SameHead(PopularityOrder):
        @classmethod
        def of(cls, counts: np.ndarray, head: int) -> PopularityOrder:
            return PopularityOrder.with_head(counts, rows[PopularityOrder.of(old.counts, head).rows].astype(np.int64))

    monkeypatch.setattr(closed_form, "PopularityOrder", SameHead)


@pytest.mark.parametrize("name", SETTINGS)
def test_an_update_equals_a_fit_on_everything(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = before()
    new = after(old)
    model = updated(make(name, **SETTINGS[name]), old, new, tmp_path)
    fresh = make(name, **SETTINGS[name])
    if isinstance(fresh, Blend):
        assert isinstance(model, Blend)
        fresh.fixed_weights = model.weights, model.floors
    same_head(fresh, old, new, monkeypatch)
    expected = fresh.fit(new).score(new.histories)
    np.testing.assert_allclose(model.score(new.histories), expected, rtol=2e-3, atol=2e-4)
    assert model.n_movies == 22


def test_an_updated_run_can_be_updated_again(tmp_path: Path) -> None:
    old = before()
    new = after(old)
    half = new.keep((new.ratings.user >= 6) | (np.asarray(new.ratings.timestamp) < START * 2))
    model = updated(make("slist", head=9), old, half, tmp_path / "once")
    run = save_run(tmp_path / "run", model, half, tmp_path, statistics=tmp_path / "once" / "sums")
    update_model(run.model, run.folder, run.movie_ids, new, tmp_path / "sums")
    at_once = updated(make("slist", head=9), old, new, tmp_path / "other")
    np.testing.assert_allclose(run.model.score(new.histories), at_once.score(new.histories), rtol=2e-3, atol=2e-4)


def test_a_delta_holds_only_users_with_new_ratings() -> None:
    old = before()
    new = after(old)
    delta = delta_since(old.movie_ids, user_digests(old), new)
    grown = np.flatnonzero(new.histories.lengths > np.append(old.histories.lengths, [0] * 6))
    assert len(delta.after) == len(delta.before) == len(grown) < 46
    assert delta.rows.tolist() == list(range(1, 21))
    assert len(delta.after.movies) - len(delta.before.movies) == len(new.ratings) - len(old.ratings)
    same = delta_since(old.movie_ids, user_digests(old), old)
    assert len(same.after) == 0


@pytest.mark.parametrize("change_kind", ["a movie", "a rating", "a value", "a user", "order"])
def test_changed_old_data_is_refused(change_kind: str) -> None:
    old = before()
    new = after(old)
    if change_kind == "a movie":
        movie_ids = type(old.movie_ids)(np.append(old.movie_ids.ids, 900))
        with pytest.raises(RunError, match="lacks 1 movies of the run, such as 900"):
            delta_since(movie_ids, user_digests(old), new)
        return
    ratings = new.ratings
    assert ratings.rating is not None
    assert ratings.timestamp is not None
    if change_kind == "a value":
        changed = replace(
            ratings, rating=np.where(np.arange(len(ratings)) == 0, 0.5, ratings.rating).astype(np.float32)
        )
    elif change_kind == "order":
        changed = replace(ratings, timestamp=ratings.timestamp[::-1].copy()).ordered()
    else:
        changed = ratings.keep(np.arange(len(ratings)) > 0 if change_kind == "a rating" else ratings.user > 0)
    with pytest.raises(RunError, match=r"old ratings of \d+ users have changed") as refused:
        delta_since(old.movie_ids, user_digests(old), replace(new, ratings=changed))
    assert "\n" not in str(refused.value)
    assert change_kind == "order" or "user 1000" in str(refused.value)


def test_movie_ids_may_be_text() -> None:
    old = before()
    ids = type(old.movie_ids)(np.array([f"m{row}" for row in range(20)]))
    named = replace(old, movie_ids=ids)
    assert len(delta_since(ids, user_digests(named), named).after) == 0
    swapped = replace(old, movie_ids=type(ids)(ids.ids[::-1].copy()))
    with pytest.raises(RunError, match="have changed"):
        delta_since(ids, user_digests(named), swapped)


def test_a_run_without_sums_is_refused(tmp_path: Path) -> None:
    data = before()
    run = save_run(tmp_path / "run", make("ease").fit(data), data, tmp_path)
    with pytest.raises(RunError, match="trained with --updatable"):
        update_model(run.model, run.folder, run.movie_ids, data, tmp_path / "sums")
