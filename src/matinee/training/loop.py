"""The training loop of all networks. It calls `module.loss(batch)` and knows nothing else about the module.

A loss is a scalar, or a dictionary of scalars: `loss` is minimised, and the others are reported.

Batches are a function of the epoch's number. So a resumed training makes the same batches again, skips finished ones
and continues. On a CPU the final weights are equal, bit for bit, to those of a training without interruption.
"""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import torch
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor, nn

from matinee.errors import ConfigError
from matinee.progress import track_steps
from matinee.training.checkpoint import CHECKPOINT_FILE, TrainingState, load_checkpoint, save_checkpoint
from matinee.training.curves import Curve, EventWriter

Batch = tuple[Tensor, ...]

_CHECKPOINT_SECONDS = 60.0  # between checkpoints within an epoch; there is also one after every epoch


class TrainingConfig(BaseModel):
    """Settings of the training loop."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    epochs: int = Field(default=100, ge=1, description="the most passes over the data")
    patience: int = Field(default=10, ge=1, description="epochs without a better validation figure before it stops")
    batch_size: int = Field(default=128, ge=1, description="examples in a step")
    optimiser: Literal["adam", "adamw"] = Field(default="adam", description="`adam` or `adamw`")
    lr: float = Field(default=1e-3, gt=0, description="learning rate")
    weight_decay: float = Field(default=0.0, ge=0, description="strength of the decay of weights")
    schedule: Literal["constant", "cosine"] = Field(
        default="constant", description="`constant`, or `cosine`: down to zero over all epochs"
    )
    warmup_steps: int = Field(default=0, ge=0, description="steps over which the learning rate rises from zero")
    clip_norm: float | None = Field(default=None, gt=0, description="the longest gradient; longer ones are scaled down")
    seed: int = Field(default=0, ge=0, description="seed of the first weights, the order of batches, and dropout")


class Batches(Protocol):
    """Training data in batches, different in each epoch."""

    def __len__(self) -> int:
        """Return the number of batches in an epoch."""
        ...

    def epoch(self, number: int) -> Iterator[Batch]:
        """Yield the batches of an epoch, always the same for the same number."""
        ...


@dataclass(frozen=True)
class Validation:
    """The figure that compares epochs, measured after each one."""

    metric: str
    measure: Callable[[], float]
    lower_is_better: bool = False

    def is_better(self, value: float, best: float | None) -> bool:
        """Tell whether `value` is better than `best`."""
        return best is None or (value < best if self.lower_is_better else value > best)


def default_device() -> torch.device:
    """Return the first GPU, or the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


class Training:
    """The training of a module: `Training(...).run()` leaves the best weights in it.

    The weights of the best epoch by `validation` are kept, and training stops after `config.patience` epochs without
    a better one. Without `validation` the last weights are kept. With a `workspace` folder, checkpoints are written
    there and resumed; `settings` is a text that identifies the model, its settings and its data, so that no checkpoint
    of another training is resumed by mistake.
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
        self.device = default_device()
        self.module = module.to(self.device)
        self.batches, self.config, self.validation = batches, config, validation
        self.path = None if workspace is None else workspace / CHECKPOINT_FILE
        self.settings = f"{settings} {config.model_dump_json()}"
        self.events = events
        optimiser_class = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[config.optimiser]
        # Fused: one pass over weights and moments instead of ten, ten times as fast with large embedding tables.
        self.optimiser = optimiser_class(
            module.parameters(), lr=config.lr, weight_decay=config.weight_decay, fused=True
        )
        self.state = TrainingState()
        self.best: dict[str, Tensor] = {}

    def run(self) -> Curve:
        """Train to the end. Returns one entry per epoch with its `loss`, `seconds` and validation figure, if any.

        Raises `ConfigError` if the loss is not finite, and `RunError` for a checkpoint that cannot be used.
        """
        with torch.random.fork_rng():
            torch.manual_seed(self.config.seed)
            if self.path is not None and self.path.exists():
                self.state, self.best = load_checkpoint(self.path, self.module, self.optimiser, self.settings)
            while self.state.epoch < self.config.epochs and not self._out_of_patience():
                self._epoch()
        if self.best:
            self.module.load_state_dict(self.best)
        self.module.eval()
        return self.state.curve

    def _epoch(self) -> None:
        state = self.state
        self.module.train()
        start = last_saved = time.monotonic()
        seconds_before = state.seconds
        description = f"epoch {state.epoch + 1} of at most {self.config.epochs}{self._progress_text()}"
        with track_steps(len(self.batches), description, done=state.step) as advance:
            for number, batch in enumerate(self.batches.epoch(state.epoch)):
                if number < state.step:
                    continue  # finished before the interruption
                for name, value in self._step(batch).items():
                    state.sums[name] = state.sums.get(name, 0.0) + value
                state.step += 1
                advance()
                state.seconds = seconds_before + time.monotonic() - start
                if time.monotonic() - last_saved > _CHECKPOINT_SECONDS:
                    self._save()
                    last_saved = time.monotonic()
        self._finish_epoch()
        state.seconds = seconds_before + time.monotonic() - start
        self._save()
        if self.events is not None:
            self.events.write(state.curve[-1])

    def _step(self, batch: Batch) -> dict[str, float]:
        """Update the weights once. Returns the loss and other figures before the update."""
        for group in self.optimiser.param_groups:
            group["lr"] = self._rate()
        # bfloat16 needs no loss scaling; on a CPU without matrix units for it, float32 is faster.
        mixed = torch.autocast("cuda", torch.bfloat16) if self.device.type == "cuda" else nullcontext()
        with mixed:
            loss: Tensor | dict[str, Tensor] = self.module.loss(tuple(part.to(self.device) for part in batch))  # pyright: ignore[reportCallIssue]
        parts = loss if isinstance(loss, dict) else {"loss": loss}
        values = {name: float(part.detach()) for name, part in parts.items()}
        if not math.isfinite(values["loss"]):
            raise ConfigError(
                f"The loss became {values['loss']} in epoch {self.state.epoch + 1}, batch {self.state.step + 1}. "
                "Set a lower lr, or a clip_norm."
            )
        self.optimiser.zero_grad()
        parts["loss"].backward()
        if self.config.clip_norm is not None:
            nn.utils.clip_grad_norm_(self.module.parameters(), self.config.clip_norm)
        self.optimiser.step()
        return values

    def _rate(self) -> float:
        """Return the learning rate of the next step."""
        config = self.config
        steps_done = self.state.epoch * len(self.batches) + self.state.step
        rate = config.lr
        if steps_done < config.warmup_steps:
            return rate * (steps_done + 1) / config.warmup_steps
        if config.schedule == "cosine":
            left = max(config.epochs * len(self.batches) - config.warmup_steps, 1)
            return rate * 0.5 * (1 + math.cos(math.pi * (steps_done - config.warmup_steps) / left))
        return rate

    def _finish_epoch(self) -> None:
        state = self.state
        entry: dict[str, float] = {"epoch": state.epoch}
        entry |= {name: total / state.step for name, total in state.sums.items()}
        if self.validation is not None:
            self.module.eval()
            with torch.no_grad():
                value = entry[self.validation.metric] = self.validation.measure()
            if self.validation.is_better(value, state.best):
                state.best, state.best_epoch = value, state.epoch
                self.best = {name: tensor.detach().clone() for name, tensor in self.module.state_dict().items()}
        entry["seconds"] = state.seconds
        state.curve.append(entry)
        state.epoch, state.step, state.sums = state.epoch + 1, 0, {}

    def _out_of_patience(self) -> bool:
        state = self.state
        return state.best_epoch >= 0 and state.epoch - 1 - state.best_epoch >= self.config.patience

    def _progress_text(self) -> str:
        if not self.state.curve:
            return ""
        last = self.state.curve[-1]
        text = f", loss {last['loss']:.3f}"
        if self.validation is not None:
            text += f", {self.validation.metric} {last[self.validation.metric]:.4f} (best {self.state.best:.4f})"
        return text

    def _save(self) -> None:
        if self.path is not None:
            save_checkpoint(self.path, self.module, self.optimiser, self.best, self.state, self.settings)
