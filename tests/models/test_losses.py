import math

import pytest
import torch
from torch.nn import functional as F

from matinee.models import losses
from matinee.models.losses import full_softmax, sampled_softmax


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
def test_full_softmax_is_torchs_cross_entropy_whatever_the_chunk(monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
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
