"""The one training loop. It calls `module.loss(batch)` and knows nothing else about what it trains.

A loss is a scalar, or a dictionary of scalars of which `loss` is made smaller and the others are only watched.

Batches are a function of the epoch's number, so a training that stopped in the middle of an epoch makes the
same batches again, passes over those that are done, and goes on: on a CPU the weights at the end are equal,
bit for bit, to those of a training that was never interrupted.
"""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import torch
from torch import Tensor, nn

from matinee.errors import ConfigError
from matinee.progress import track_steps
from matinee.training.checkpoint import CHECKPOINT_FILE, TrainingState, load_checkpoint, save_checkpoint
from matinee.training.config import TrainingConfig
from matinee.training.curves import Curve, EventWriter

Batch = tuple[Tensor, ...]

_CHECKPOINT_SECONDS = 60.0  # between checkpoints within an epoch; there is one after every epoch anyway


class Batches(Protocol):
    """Training data, cut up anew for each epoch."""

    def __len__(self) -> int:
        """Batches in an epoch."""
        ...

    def epoch(self, number: int) -> Iterator[Batch]:
        """The batches of an epoch: the same whenever asked for the same number."""
        ...


@dataclass(frozen=True)
class Validation:
    """A figure that says after each epoch how good the module is, by its name in curves."""

    metric: str
    measure: Callable[[], float]
    lower_is_better: bool = False

    def is_better(self, value: float, best: float | None) -> bool:
        """Whether `value` is the best yet."""
        return best is None or (value < best if self.lower_is_better else value > best)


def device() -> torch.device:
    """The first GPU, or the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


class Training:
    """A module being trained: `Training(...).run()` leaves the best weights in it.

    The weights of the best epoch by `validation` are kept, and training stops when `config.patience` epochs
    brought no better one. Without `validation` the last weights are kept. With a `workspace` folder, checkpoints
    are written there and taken up again; `settings` is a text that names the model, its settings and its data, so
    that no checkpoint of another training is taken up by mistake.
    """

    def __init__(
        self,
        module: nn.Module,
        batches: Batches,
        config: TrainingConfig,
        validation: Validation | None = None,
        workspace: Path | None = None,
        settings: str = "",
        events: EventWriter | None = None,
    ):
        self.device = device()
        self.module = module.to(self.device)
        self.batches, self.config, self.validation = batches, config, validation
        self.path = None if workspace is None else workspace / CHECKPOINT_FILE
        self.settings = f"{settings} {config.model_dump_json()}"
        self.events = events
        kind = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[config.optimiser]
        # Fused: one pass over weights and moments, where the plain form makes ten, ten times as slow with large tables.
        self.optimiser = kind(
            module.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay, fused=True
        )
        self.standing = TrainingState()
        self.best: dict[str, Tensor] = {}

    def run(self) -> Curve:
        """Train to the end; one entry per epoch with its `loss`, `seconds` and, if validated, that metric.

        Raises `ConfigError` if the loss stops being a number, and `RunError` for a checkpoint that cannot be used.
        """
        with torch.random.fork_rng():
            torch.manual_seed(self.config.seed)
            if self.path is not None and self.path.exists():
                self.standing, self.best = load_checkpoint(self.path, self.module, self.optimiser, self.settings)
            while self.standing.epoch < self.config.epochs and not self._out_of_patience():
                self._epoch()
        if self.best:
            self.module.load_state_dict(self.best)
        self.module.eval()
        return self.standing.curve

    def _epoch(self) -> None:
        standing = self.standing
        self.module.train()
        start = last_saved = time.monotonic()
        before = standing.seconds
        description = f"epoch {standing.epoch + 1} of at most {self.config.epochs}{self._told()}"
        with track_steps(len(self.batches), description, done=standing.step) as advance:
            for number, batch in enumerate(self.batches.epoch(standing.epoch)):
                if number < standing.step:
                    continue  # done before the training was interrupted
                for name, value in self._step(batch).items():
                    standing.sums[name] = standing.sums.get(name, 0.0) + value
                standing.step += 1
                advance()
                standing.seconds = before + time.monotonic() - start
                if time.monotonic() - last_saved > _CHECKPOINT_SECONDS:
                    self._save()
                    last_saved = time.monotonic()
        self._finish_epoch()
        standing.seconds = before + time.monotonic() - start
        self._save()
        if self.events is not None:
            self.events.write(standing.curve[-1])

    def _step(self, batch: Batch) -> dict[str, float]:
        """Change the weights once; what the loss and the figures beside it were before."""
        for group in self.optimiser.param_groups:
            group["lr"] = self._rate()
        # bfloat16 needs no loss scaling; on a CPU without matrix units for it, float32 is faster.
        mixed = torch.autocast("cuda", torch.bfloat16) if self.device.type == "cuda" else nullcontext()
        with mixed:
            loss: Tensor | dict[str, Tensor] = self.module.loss(tuple(part.to(self.device) for part in batch))  # pyright: ignore[reportCallIssue]
        parts = loss if isinstance(loss, dict) else {"loss": loss}
        values = {name: float(part.detach()) for name, part in parts.items()}
        if not math.isfinite(values["loss"]):
            place = f"epoch {self.standing.epoch + 1}, batch {self.standing.step + 1}"
            raise ConfigError(
                f"the loss became {values['loss']} in {place}; expected a lower learning_rate, or a clip_norm"
            )
        self.optimiser.zero_grad()
        parts["loss"].backward()
        if self.config.clip_norm is not None:
            nn.utils.clip_grad_norm_(self.module.parameters(), self.config.clip_norm)
        self.optimiser.step()
        return values

    def _rate(self) -> float:
        """The learning rate of the next step: a pure function of where the training stands."""
        config = self.config
        done = self.standing.epoch * len(self.batches) + self.standing.step
        rate = config.learning_rate
        if done < config.warmup_steps:
            return rate * (done + 1) / config.warmup_steps
        if config.schedule == "cosine":
            left = max(config.epochs * len(self.batches) - config.warmup_steps, 1)
            return rate * 0.5 * (1 + math.cos(math.pi * (done - config.warmup_steps) / left))
        return rate

    def _finish_epoch(self) -> None:
        standing = self.standing
        entry: dict[str, float] = {"epoch": standing.epoch}
        entry |= {name: total / standing.step for name, total in standing.sums.items()}
        if self.validation is not None:
            self.module.eval()
            with torch.no_grad():
                value = entry[self.validation.metric] = self.validation.measure()
            if self.validation.is_better(value, standing.best):
                standing.best, standing.best_epoch = value, standing.epoch
                self.best = {name: tensor.detach().clone() for name, tensor in self.module.state_dict().items()}
        entry["seconds"] = standing.seconds
        standing.curve.append(entry)
        standing.epoch, standing.step, standing.sums = standing.epoch + 1, 0, {}

    def _out_of_patience(self) -> bool:
        standing = self.standing
        return standing.best_epoch >= 0 and standing.epoch - 1 - standing.best_epoch >= self.config.patience

    def _told(self) -> str:
        if not self.standing.curve:
            return ""
        last = self.standing.curve[-1]
        told = f", loss {last['loss']:.3f}"
        if self.validation is not None:
            told += f", {self.validation.metric} {last[self.validation.metric]:.4f} (best {self.standing.best:.4f})"
        return told

    def _save(self) -> None:
        if self.path is not None:
            save_checkpoint(self.path, self.module, self.optimiser, self.best, self.standing, self.settings)
