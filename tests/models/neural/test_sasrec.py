import numpy as np
import pytest
import torch

from matinee.data.histories import Histories
from matinee.data.splits import leave_last
from matinee.errors import ProtocolError
from matinee.models.neural.losses import full_softmax
from matinee.models.neural.sasrec import SASRecConfig, SASRecModule
from matinee.models.registry import make
from matinee.training.batches.sequences import PADDING, SequenceBatches, pad_latest
from tests.datasets import checkerboard, own_unrated, small_ratings

QUICK = {"embedding_dim": 16, "blocks": 1, "max_length": 6, "training": {"epochs": 12, "batch_size": 20, "lr": 0.03}}


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> None:
    """Use one thread: steps of such small models take less time than threads need to wait for each other."""
    torch.set_num_threads(1)


def module(n_movies: int = 20, **changes: object) -> SASRecModule:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return SASRecModule(n_movies, SASRecConfig(**({"embedding_dim": 8, "heads": 2, "max_length": 9} | changes)))


def test_a_state_depends_only_on_earlier_movies() -> None:
    network = module().eval()
    movies = torch.tensor([[3, 5, 7, 9], [3, 5, 8, 2], [3, 5, PADDING, PADDING]])
    states = network(movies)
    for row in (1, 2):
        torch.testing.assert_close(states[row, :2], states[0, :2])
    assert not torch.allclose(states[1, 2], states[0, 2])


def test_cutting_a_batch_by_length_changes_neither_loss_nor_gradient() -> None:
    network = module(dropout=0.0).train()
    data = small_ratings(1)
    inputs, targets = next(SequenceBatches(data.histories, 9, 64, "latest", 0).epoch(0))
    assert len(set((targets != PADDING).sum(1).tolist())) > 4
    real = targets != PADDING
    plain = full_softmax(network(inputs)[real], network.movies.weight[1:], targets[real] - 1)
    cut = network.loss((inputs, targets))
    torch.testing.assert_close(cut, plain, rtol=1e-5, atol=1e-6)
    weights = list(network.parameters())
    for ours, theirs in zip(torch.autograd.grad(cut, weights), torch.autograd.grad(plain, weights), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-5, atol=1e-6)


def test_scores_are_those_of_the_uncut_batch() -> None:
    data = small_ratings(2)
    model = make("sasrec", **QUICK).fit(data)
    whole = Histories.of(
        [[], *([row.tolist() for row in np.split(data.histories.movies, data.histories.offsets[1:-1])])]
    )
    with torch.inference_mode():
        plain = model.module.last_state(*pad_latest(whole, 6)).numpy() @ model.movie_vectors().T
    np.testing.assert_allclose(model.score(whole), plain, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("changes", [{}, {"windows": "random", "max_length": 3}, {"negatives": 8}])
def test_the_next_movie_is_learned(changes: dict[str, object]) -> None:
    data = checkerboard()
    scores = make("sasrec", **(QUICK | changes)).fit(data).score(data.histories)
    scores[data.histories.owner, data.histories.movies] = -np.inf
    right = [int(row.argmax()) == own_unrated(data, user)[0] for user, row in enumerate(scores)]
    assert np.mean(right) > 0.9


def test_the_epoch_is_chosen_on_validation() -> None:
    split = leave_last(checkerboard())
    model = make("sasrec", **QUICK).fit(split.train, split.validation)
    figures = [entry["NDCG@10"] for entry in model.curve]
    assert max(figures) > figures[0]
    users = np.unique(split.validation.ratings.user)
    best = model.ndcg(split.train.histories_of(users), split.validation.histories_of(users))
    assert best == pytest.approx(max(figures))


def test_ratings_without_times_are_refused() -> None:
    with pytest.raises(ProtocolError, match="no timestamps"):
        make("sasrec", **QUICK).fit(small_ratings(0, ordered=False))


def test_the_scoring_length_is_chosen_on_validation_and_saved(tmp_path) -> None:
    split = leave_last(checkerboard(n_users=30, n_movies=16))
    model = make("sasrec", **QUICK).fit(split.train, split.validation)
    chosen = model.scoring_length
    users = np.unique(split.validation.ratings.user)
    past, targets = split.train.histories_of(users), split.validation.histories_of(users)
    reached = {}
    for scoring_length in (6, 3, 2):  # the whole length, a half and a quarter of it
        model.scoring_length = scoring_length
        reached[scoring_length] = model.ndcg(past, targets)
    assert chosen in reached
    assert reached[chosen] == max(reached.values())
    model.scoring_length = 3
    model.save(tmp_path)
    loaded = type(model).load(tmp_path)
    np.testing.assert_array_equal(loaded.score(past), model.score(past))
    assert model.unfitted_copy_for_all_data().scoring_length == loaded.scoring_length == 3


def test_movies_beyond_the_scoring_length_change_nothing() -> None:
    model = make("sasrec", **QUICK).fit(checkerboard(n_users=30, n_movies=16))
    assert model.scoring_length == 6
    model.scoring_length = 2
    scores = model.score(Histories.of([[0, 2, 4, 6], [3, 5, 4, 6], [4, 6]]))
    np.testing.assert_allclose(scores[1:], scores[:1].repeat(2, axis=0), atol=1e-5)


def test_a_gap_gets_no_attention() -> None:
    model = make("sasrec", **QUICK).fit(checkerboard(n_users=30, n_movies=16))
    first, other = Histories.of([[0, 2, 4]]), Histories.of([[0, 9, 4]])
    removed = np.array([False, True, False])
    np.testing.assert_allclose(model.score(first.with_gaps(removed)), model.score(other.with_gaps(removed)), atol=1e-6)
    assert not np.allclose(model.score(first), model.score(other))
    # Without the latest movie, it predicts the movie after the one before it.
    last = np.array([False, False, True])
    np.testing.assert_allclose(model.score(first.with_gaps(last)), model.score(Histories.of([[0, 2]])), atol=1e-5)
