"""Checkpoints: everything that is needed to resume a training exactly.

Weights, optimiser moments and the random state are tensors of one safetensors file. The progress of the training is
JSON in its header. The file is written atomically, and contains no code.
"""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.optim import Optimizer

from matinee.data.files import write_atomically
from matinee.errors import RunError

CHECKPOINT_FILE = "checkpoint.safetensors"


@dataclass
class TrainingState:
    """The progress of a training."""

    epoch: int = 0  # the current one, from 0
    step: int = 0  # finished batches of it
    sums: dict[str, float] = field(default_factory=dict[str, float])  # of the loss and other figures, over its batches
    seconds: float = 0.0  # in all sessions
    best: float | None = None  # the best validation figure
    best_epoch: int = -1  # its epoch
    curve: list[dict[str, float]] = field(default_factory=list[dict[str, float]])  # one entry per finished epoch


def save_checkpoint(
    path: Path,
    module: nn.Module,
    optimiser: Optimizer,
    best: dict[str, Tensor],
    state: TrainingState,
    settings: str,
) -> None:
    """Write a checkpoint atomically. `settings` is stored with it, so that resuming with other settings is refused."""
    tensors = {f"module.{name}": tensor for name, tensor in module.state_dict().items()}
    tensors |= {f"best.{name}": tensor for name, tensor in best.items()}
    for number, moments in optimiser.state_dict()["state"].items():
        tensors |= {f"optimiser.{number}.{name}": value for name, value in moments.items()}
    tensors["random"] = torch.get_rng_state()
    if torch.cuda.is_available():
        tensors["random.cuda"] = torch.cuda.get_rng_state()
    contiguous = {name: tensor.detach().cpu().contiguous().clone() for name, tensor in tensors.items()}
    header = {"state": json.dumps(asdict(state)), "settings": settings}
    write_atomically(path, lambda temporary: save_file(contiguous, temporary, metadata=header))


def load_checkpoint(
    path: Path, module: nn.Module, optimiser: Optimizer, settings: str
) -> tuple[TrainingState, dict[str, Tensor]]:
    """Restore `module` and `optimiser` from a checkpoint. Returns the progress and the best weights so far.

    Raises `RunError` if the file is damaged or was written with other settings or data.
    """
    try:
        with safe_open(path, framework="pt") as file:
            header = file.metadata()
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        if header["settings"] != settings:
            raise RunError(f"{path} was written with other settings or data. Use the same, or a new --out folder.")
        module.load_state_dict(_part(tensors, "module."))
        _restore_optimiser(optimiser, _part(tensors, "optimiser."))
        torch.set_rng_state(tensors["random"])
        if "random.cuda" in tensors and torch.cuda.is_available():
            torch.cuda.set_rng_state(tensors["random.cuda"])
        state = TrainingState(**json.loads(header["state"]))
    except (OSError, SafetensorError, KeyError, TypeError, ValueError, RuntimeError) as error:
        reason = " ".join(str(error).split())
        raise RunError(f"{path} is a damaged checkpoint ({reason}). Delete it to start from the beginning.") from error
    return state, _part(tensors, "best.")


def _restore_optimiser(optimiser: Optimizer, moments: dict[str, Tensor]) -> None:
    state: dict[int, dict[str, Tensor]] = {}
    for name, value in moments.items():
        number, _, moment = name.partition(".")
        state.setdefault(int(number), {})[moment] = value
    optimiser.load_state_dict({"state": state, "param_groups": optimiser.state_dict()["param_groups"]})


def _part(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}
