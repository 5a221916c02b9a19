import math

import pytest
import torch
from torch.nn import functional as F

from matinee.models.neural import losses
from matinee.models.neural.losses import (
    binary_cross_entropy,
    full_softmax,
    in_batch_softmax,
    sampled_softmax,
    softmax_of_negatives,
    triplet_loss,
)


def example(n: int = 11, d: int = 4, movies: int = 7) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(3)
    hidden = torch.randn(n, d, generator=generator, dtype=torch.float64, requires_grad=True)
    weight = torch.randn(movies, d, generator=generator, dtype=torch.float64, requires_grad=True)
    return hidden, weight, torch.randint(movies, (n,), generator=generator)


def test_full_softmax_by_hand() -> None:
    """Logits (0, ln 3) and (0, 0): chances 1/4, 3/4 and 1/2, 1/2."""
    hidden, weight = torch.tensor([[math.log(3)], [0.0]]), torch.tensor([[0.0], [1.0]])
    loss = full_softmax(hidden, weight, torch.tensor([1, 0]))
    assert loss.item() == pytest.approx((math.log(4 / 3) + math.log(2)) / 2)


@pytest.mark.parametrize("chunk", [1, 3, 11, 2048])
def test_full_softmax_equals_torchs_cross_entropy_for_any_chunk(monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    monkeypatch.setattr(losses, "_CHUNK", chunk)
    hidden, weight, targets = example()
    ours, theirs = full_softmax(hidden, weight, targets), F.cross_entropy(hidden @ weight.T, targets)
    torch.testing.assert_close(ours, theirs)
    for mine, other in zip(
        torch.autograd.grad(3 * ours, (hidden, weight)), torch.autograd.grad(3 * theirs, (hidden, weight)), strict=True
    ):
        torch.testing.assert_close(mine, other)


def test_full_softmax_has_the_gradient_of_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(losses, "_CHUNK", 4)
    hidden, weight, targets = example()
    assert torch.autograd.gradcheck(lambda h, w: full_softmax(h, w, targets), (hidden, weight))


def test_full_softmax_survives_large_logits() -> None:
    hidden, weight = torch.tensor([[1000.0]], requires_grad=True), torch.tensor([[1.0], [-1.0]])
    loss = full_softmax(hidden, weight, torch.tensor([1]))
    assert loss.item() == pytest.approx(2000)
    assert torch.autograd.grad(loss, hidden)[0].item() == pytest.approx(2)


def test_full_softmax_keeps_the_precision_of_the_weights_under_autocast() -> None:
    hidden, weight, targets = (part.detach() for part in example())
    weight = weight.float().requires_grad_()
    exact = full_softmax(hidden.bfloat16().float(), weight, targets)
    with torch.autocast("cpu", torch.bfloat16):
        loss = full_softmax(hidden.bfloat16(), weight, targets)
    assert loss.dtype == torch.float32
    assert loss.item() == exact.item()


def test_sampled_softmax_by_hand() -> None:
    """The second row drew its own target, which does not count against it."""
    hidden, weight = torch.tensor([[1.0], [1.0]]), torch.tensor([[0.0], [math.log(2)], [math.log(5)]])
    loss = sampled_softmax(hidden, weight, torch.tensor([0, 1]), torch.tensor([1, 2]))
    assert loss.item() == pytest.approx((math.log(8 / 1) + math.log(7 / 2)) / 2)


def test_sampled_softmax_with_every_movie_once_is_the_full_softmax() -> None:
    hidden, weight, targets = example()
    ours, full = sampled_softmax(hidden, weight, targets, torch.arange(7)), full_softmax(hidden, weight, targets)
    torch.testing.assert_close(ours, full)
    for mine, other in zip(
        torch.autograd.grad(ours, (hidden, weight)), torch.autograd.grad(full, (hidden, weight)), strict=True
    ):
        torch.testing.assert_close(mine, other)


LN2, LN3 = math.log(2), math.log(3)


def test_binary_cross_entropy_by_hand() -> None:
    """Chances of being chosen: 3/4 and 1/2 for the positives, 1/4, 1/2, 1/2, 2/3 for the negatives."""
    positive, negative = torch.tensor([LN3, 0.0]), torch.tensor([[-LN3, 0.0], [0.0, LN2]])
    expected = -sum(map(math.log, [3 / 4, 1 / 2, 3 / 4, 1 / 2, 1 / 2, 1 / 3])) / 6
    assert binary_cross_entropy(positive, negative).item() == pytest.approx(expected)


def test_binary_cross_entropy_is_torchs_with_labels() -> None:
    generator = torch.Generator().manual_seed(0)
    scores = torch.randn(5, 4, generator=generator, dtype=torch.float64, requires_grad=True)
    labels = torch.zeros(5, 4, dtype=torch.float64)
    labels[:, 0] = 1
    ours = binary_cross_entropy(scores[:, 0], scores[:, 1:])
    theirs = F.binary_cross_entropy_with_logits(scores, labels)
    torch.testing.assert_close(ours, theirs)
    torch.testing.assert_close(torch.autograd.grad(ours, scores), torch.autograd.grad(theirs, scores))


def test_binary_cross_entropy_survives_large_scores() -> None:
    positive, negative = torch.tensor([-1000.0], requires_grad=True), torch.tensor([[1000.0]])
    loss = binary_cross_entropy(positive, negative)
    assert loss.item() == pytest.approx(1000)
    assert torch.autograd.grad(loss, positive)[0].item() == pytest.approx(-1 / 2)


def test_triplet_by_hand() -> None:
    """Short of the margin by 0.3 and 0 in the first row, by 0 and 1.5 in the second."""
    positive, negative = torch.tensor([1.0, -1.0]), torch.tensor([[0.8, 0.0], [-2.0, 0.0]])
    assert triplet_loss(positive, negative, margin=0.5).item() == pytest.approx((0.3 + 0 + 0 + 1.5) / 4)


def test_triplet_pulls_only_at_pairs_too_close() -> None:
    positive = torch.tensor([1.0, -1.0], requires_grad=True)
    negative = torch.tensor([[0.8, 0.0], [-2.0, 0.0]], requires_grad=True)
    by_positive, by_negative = torch.autograd.grad(triplet_loss(positive, negative, 0.5), (positive, negative))
    assert by_positive.tolist() == [-0.25, -0.25]
    assert by_negative.tolist() == [[0.25, 0.0], [0.0, 0.25]]


def test_softmax_of_negatives_by_hand() -> None:
    """Weights 2 among 2, 1, 3 and 1 among 1, 1, 1: chances 1/3 and 1/3, then the first alone 5 among 5, 1, 3."""
    negative = torch.tensor([[0.0, LN3], [0.0, 0.0]])
    assert softmax_of_negatives(torch.tensor([LN2, 0.0]), negative).item() == pytest.approx(LN3)
    better = softmax_of_negatives(torch.tensor([math.log(5), 0.0]), negative)
    assert better.item() == pytest.approx((math.log(9 / 5) + LN3) / 2)


def test_softmax_of_negatives_with_every_other_movie_is_the_full_softmax() -> None:
    hidden, weight, targets = example()
    scores = hidden @ weight.T
    others = torch.arange(7).expand(11, 7)[torch.arange(7) != targets[:, None]].view(11, 6)
    positive, negative = scores.gather(1, targets[:, None])[:, 0], scores.gather(1, others)
    torch.testing.assert_close(softmax_of_negatives(positive, negative), full_softmax(hidden, weight, targets))


def test_softmax_of_negatives_survives_large_scores() -> None:
    positive, negative = torch.tensor([-1000.0], requires_grad=True), torch.tensor([[1000.0, 0.0]])
    loss = softmax_of_negatives(positive, negative)
    assert loss.item() == pytest.approx(2000)
    assert torch.autograd.grad(loss, positive)[0].item() == pytest.approx(-1)


def test_in_batch_softmax_by_hand() -> None:
    """Weights: row 0 has 1 against 2 and 5, row 1 has 4 against 1 and 25."""
    users, movies = torch.tensor([[1.0], [2.0]]), torch.tensor([[0.0], [LN2]])
    users, movies = torch.cat([users, users[:1]]), torch.cat([movies, torch.tensor([[math.log(5)]])])
    loss = in_batch_softmax(users, movies, torch.tensor([4, 7, 9]), None)
    assert loss.item() == pytest.approx((math.log(8 / 1) + math.log(30 / 4) + math.log(8 / 5)) / 3)


def test_in_batch_rows_with_the_same_target_are_no_negatives_to_each_other() -> None:
    """Rows 0 and 2 chose movie 4: each has only row 1 against it, and row 1 has both."""
    users, movies = torch.ones(3, 1), torch.tensor([[0.0], [LN2], [0.0]])
    loss = in_batch_softmax(users, movies, torch.tensor([4, 1, 4]), None)
    assert loss.item() == pytest.approx((LN3 + math.log(4 / 2) + LN3) / 3)


def test_in_batch_correction_by_hand() -> None:
    """Two others each: a negative of chance 1/2 counts 1 / (2 x 1/2) = once, of 1/8 four times; a positive once."""
    log_probability = torch.tensor([1 / 8, 1 / 2, 3 / 8]).log()
    users, movies = torch.ones(3, 1), torch.tensor([[LN2], [0.0], [LN3]])
    loss = in_batch_softmax(users, movies, torch.tensor([0, 1, 2]), log_probability)
    sums = [2 + 1 + 3 * 4 / 3, 2 * 4 + 1 + 3 * 4 / 3, 2 * 4 + 1 + 3]
    expected = sum(math.log(total / own) for total, own in zip(sums, [2, 1, 3], strict=True)) / 3
    assert loss.item() == pytest.approx(expected)


def test_in_batch_correction_estimates_the_full_softmax() -> None:
    """Of a large batch drawn by skewed chances; without the correction it would estimate something else."""
    generator = torch.Generator().manual_seed(1)
    chance = torch.tensor([0.6, 0.2, 0.1, 0.07, 0.03])
    targets = torch.multinomial(chance, 1500, replacement=True, generator=generator)
    hidden, weight = torch.randn(1500, 3, generator=generator), torch.randn(5, 3, generator=generator)
    full = full_softmax(hidden, weight, targets).item()
    assert in_batch_softmax(hidden, weight[targets], targets, chance.log()).item() == pytest.approx(full, rel=0.02)
    assert in_batch_softmax(hidden, weight[targets], targets, None).item() > 2 * full


def test_in_batch_gradients_are_those_of_the_value() -> None:
    generator = torch.Generator().manual_seed(2)
    users, movies = (torch.randn(4, 3, generator=generator, dtype=torch.float64, requires_grad=True) for _ in range(2))
    targets, log_probability = torch.tensor([0, 2, 0, 1]), torch.tensor([0.5, 0.2, 0.3], dtype=torch.float64).log()
    assert torch.autograd.gradcheck(lambda u, m: in_batch_softmax(u, m, targets, log_probability), (users, movies))


@pytest.mark.parametrize("targets", [[3], [3, 3]])
def test_in_batch_softmax_of_a_movie_alone_is_nothing(targets: list[int]) -> None:
    users = torch.ones(len(targets), 2, requires_grad=True)
    loss = in_batch_softmax(users, torch.ones(len(targets), 2), torch.tensor(targets), torch.zeros(4))
    assert loss.item() == 0
    assert not torch.autograd.grad(loss, users)[0].any()


def test_in_batch_softmax_survives_large_scores() -> None:
    users = torch.tensor([[1000.0], [-1000.0]], requires_grad=True)
    loss = in_batch_softmax(users, torch.tensor([[-1.0], [1.0]]), torch.tensor([0, 1]), None)
    assert loss.item() == pytest.approx(2000)
    assert torch.autograd.grad(loss, users)[0].flatten().tolist() == pytest.approx([1.0, -1.0])
