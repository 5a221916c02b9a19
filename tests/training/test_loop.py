import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from matinee.errors import ConfigError, RunError
from matinee.training import loop
from matinee.training.loop import Batch, Training, TrainingConfig, Validation

BATCHES = 3  # in an epoch


class Line(nn.Module):
    """y = w x + b, with dropout, so that the random state matters."""

    def __init__(self, dropout: float = 0.3):
        super().__init__()
        self.dropout, self.line = nn.Dropout(dropout), nn.Linear(4, 1)
        with torch.no_grad():
            self.line.weight.fill_(0.0)
            self.line.bias.fill_(0.0)

    def loss(self, batch: Batch) -> Tensor:
        x, y = batch
        return F.mse_loss(self.line(self.dropout(x)), y)


class Points:
    """Points on a line through the origin, others in each epoch; stops working before step `fail_at`."""

    def __init__(self, fail_at: int | None = None, pause: float = 0.0):
        self.fail_at, self.pause, self.n_batches = fail_at, pause, 0

    def __len__(self) -> int:
        return BATCHES

    def epoch(self, number: int) -> Iterator[Batch]:
        generator = torch.Generator().manual_seed(number)
        for _ in range(BATCHES):
            if self.n_batches == self.fail_at:
                raise KeyboardInterrupt
            self.n_batches += 1
            time.sleep(self.pause)
            x = torch.randn(8, 4, generator=generator)
            yield x, x.sum(1, keepdim=True)


def config(**changes: object) -> TrainingConfig:
    settings = {"epochs": 4, "lr": 0.05, "schedule": "cosine", "warmup_steps": 2, "clip_norm": 1.0}
    return TrainingConfig(**(settings | changes))


def falling(module: Line) -> float:
    """Best after the second epoch that moved the weights this far, and worse from then on."""
    return -abs(float(module.line.weight.detach().sum()) - 0.6)


def trained(points: Points, folder: Path | None, **changes: object) -> Line:
    module = Line()
    Training(module, points, config(**changes), Validation("fall", lambda: falling(module)), folder, "a line").run()
    return module


def test_the_loss_goes_down_and_without_validation_the_last_weights_stay() -> None:
    module = Line(dropout=0.0)
    curve = Training(module, Points(), config(epochs=40, clip_norm=None)).run()
    assert [entry["epoch"] for entry in curve] == list(range(40))
    assert curve[-1]["loss"] < curve[0]["loss"] / 100
    assert curve[0].keys() == {"epoch", "loss", "seconds"}
    assert not module.training


def test_patience_stops_and_the_best_weights_are_kept() -> None:
    module = Line()
    figures = iter([0.1, 0.5, 0.3, 0.5, 0.4, 0.9])  # as good as the best is not better
    after: list[Tensor] = []

    def validate() -> float:
        assert not module.training
        after.append(module.line.weight.detach().clone())
        return next(figures)

    curve = Training(module, Points(), config(epochs=9, patience=3), Validation("NDCG", validate)).run()
    assert [entry["NDCG"] for entry in curve] == [0.1, 0.5, 0.3, 0.5, 0.4]
    assert torch.equal(module.line.weight, after[1])
    assert not torch.equal(module.line.weight, after[-1])


def test_of_errors_the_lowest_is_best() -> None:
    figures = iter([0.9, 0.5, 0.5, 0.7, 0.1])
    error = Validation("RMSE", lambda: next(figures), lower_is_better=True)
    training = Training(Line(), Points(), config(epochs=5, patience=2), error)
    assert len(training.run()) == 4
    assert (training.state.best, training.state.best_epoch) == (0.5, 1)


class TwoFigures(Line):
    def loss(self, batch: Batch) -> dict[str, Tensor]:
        fit = super().loss(batch)
        return {"loss": fit + self.line.bias.square().sum(), "fit": fit}


def test_other_figures_are_means_also_after_an_interruption(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "_CHECKPOINT_SECONDS", -1.0)  # one after each step
    whole = Training(TwoFigures(), Points(), config()).run()
    assert whole[1]["loss"] > whole[1]["fit"] > 0
    interrupted = Training(TwoFigures(), Points(fail_at=BATCHES + 2), config(), workspace=tmp_path)
    with pytest.raises(KeyboardInterrupt):
        interrupted.run()
    resumed = Training(TwoFigures(), Points(), config(), workspace=tmp_path).run()
    assert [(entry["loss"], entry["fit"]) for entry in resumed] == [(entry["loss"], entry["fit"]) for entry in whole]


def rates(**changes: object) -> list[float]:
    """The learning rate at each step."""
    seen: list[float] = []
    training = Training(Line(), Points(), config(**changes))
    training.optimiser.register_step_pre_hook(lambda optimiser, *_: seen.append(optimiser.param_groups[0]["lr"]))
    training.run()
    return seen


def test_learning_rates_by_hand() -> None:
    constant = rates(epochs=2, lr=0.8, schedule="constant", warmup_steps=4)
    assert constant == pytest.approx([0.2, 0.4, 0.6, 0.8, 0.8, 0.8])
    cosine = rates(epochs=2, lr=0.8, schedule="cosine", warmup_steps=2)
    assert cosine == pytest.approx([0.4, 0.8] + [0.4 * (1 + math.cos(math.pi * part / 4)) for part in range(4)])


@pytest.mark.parametrize(("clip_norm", "expected"), [(0.25, 0.25), (None, 2.0)])
def test_gradients_are_clipped_to_the_norm(clip_norm: float | None, expected: float) -> None:
    class Slope(Line):
        def loss(self, batch: Batch) -> Tensor:
            return 2.0 * self.line.bias.sum()

    module, norms = Slope(), []
    training = Training(module, Points(), config(epochs=1, clip_norm=clip_norm))
    training.optimiser.register_step_pre_hook(lambda *_: norms.append(float(module.line.bias.grad.norm())))
    training.run()
    assert norms == pytest.approx([expected] * BATCHES)


@pytest.mark.parametrize("optimiser", ["adam", "adamw"])
@pytest.mark.parametrize("fail_at", range(4 * BATCHES))
def test_a_training_interrupted_at_any_step_ends_in_the_same_weights(
    fail_at: int, optimiser: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "_CHECKPOINT_SECONDS", -1.0)  # one after each step
    whole = trained(Points(), None, optimiser=optimiser)
    with pytest.raises(KeyboardInterrupt):
        trained(Points(fail_at), tmp_path, optimiser=optimiser)
    resumed = trained(Points(), tmp_path, optimiser=optimiser)
    for name, weight in whole.state_dict().items():
        assert torch.equal(resumed.state_dict()[name], weight)


def test_the_callers_random_state_is_neither_used_nor_changed() -> None:
    module = Line()
    before = torch.get_rng_state()
    Training(module, Points(), config()).run()
    assert torch.equal(torch.get_rng_state(), before)
    torch.rand(5)
    assert torch.equal(trained(Points(), None).line.weight, trained(Points(), None).line.weight)


def test_a_finished_training_is_taken_up_without_another_step(tmp_path: Path) -> None:
    whole = trained(Points(), tmp_path)
    again = trained(Points(fail_at=0), tmp_path)
    assert torch.equal(again.line.weight, whole.line.weight)


def test_a_checkpoint_of_other_settings_is_refused_in_one_line(tmp_path: Path) -> None:
    trained(Points(), tmp_path)
    with pytest.raises(RunError, match="other settings or data") as refused:
        trained(Points(), tmp_path, lr=0.01)
    assert "\n" not in str(refused.value)
    with pytest.raises(RunError, match="other settings or data"):
        Training(Line(), Points(), config(), None, tmp_path, "another line").run()


def test_a_loss_that_is_not_finite_is_refused() -> None:
    class Broken(Line):
        def loss(self, batch: Batch) -> Tensor:
            return super().loss(batch) * math.nan

    with pytest.raises(ConfigError, match=r"nan in epoch 1, batch 1.*lr"):
        Training(Broken(), Points(), config()).run()


@pytest.mark.slow
def test_a_training_killed_at_a_random_moment_ends_in_the_same_weights(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from matinee.training import loop; loop._CHECKPOINT_SECONDS = -1.0\n"
        "from tests.training.test_loop import Points, trained\n"
        f"trained(Points(pause=0.02), Path({str(tmp_path)!r}), epochs=200)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", program])
    written = tmp_path / "checkpoint.safetensors"
    while not written.exists() and process.poll() is None:
        time.sleep(0.01)
    time.sleep(int.from_bytes(os.urandom(2), "big") / 65536)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    whole, resumed = trained(Points(), None, epochs=200), trained(Points(), tmp_path, epochs=200)
    assert torch.equal(resumed.line.weight, whole.line.weight)
