"""A training as a file: everything needed to go on as if nothing had happened.

Weights, optimiser moments and the random state are tensors of one safetensors file; where the training
stands is JSON in that file's header. It is written whole and renamed into place, and nothing in it can run.
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
    """Where a training stands."""

    epoch: int = 0  # the one under way, counted from 0
    step: int = 0  # batches of it that are done
    sums: dict[str, float] = field(
        default_factory=dict[str, float]
    )  # over those batches: the loss, and what is watched
    seconds: float = 0.0  # spent so far, over all sessions
    best: float | None = None  # the best validation figure, and the epoch it was reached after
    best_epoch: int = -1
    curve: list[dict[str, float]] = field(default_factory=list[dict[str, float]])  # one entry per finished epoch


def save_checkpoint(
    path: Path,
    module: nn.Module,
    optimiser: Optimizer,
    best: dict[str, Tensor],
    standing: TrainingState,
    settings: str,
) -> None:
    """Write a checkpoint atomically. `settings` is kept beside it, so that resuming with others is noticed."""
    tensors = {f"module.{name}": tensor for name, tensor in module.state_dict().items()}
    tensors |= {f"best.{name}": tensor for name, tensor in best.items()}
    for number, moments in optimiser.state_dict()["state"].items():
        tensors |= {f"optimiser.{number}.{name}": value for name, value in moments.items()}
    tensors["random"] = torch.get_rng_state()
    if torch.cuda.is_available():
        tensors["random.cuda"] = torch.cuda.get_rng_state()
    contiguous = {name: tensor.detach().cpu().contiguous().clone() for name, tensor in tensors.items()}
    about = {"standing": json.dumps(asdict(standing)), "settings": settings}
    write_atomically(path, lambda temporary: save_file(contiguous, temporary, metadata=about))


def load_checkpoint(
    path: Path, module: nn.Module, optimiser: Optimizer, settings: str
) -> tuple[TrainingState, dict[str, Tensor]]:
    """Put a checkpoint back into `module` and `optimiser`; where it stood, and the best weights so far.

    Raises `RunError` if the file is damaged or was written with other settings or data.
    """
    try:
        with safe_open(path, framework="pt") as file:
            about = file.metadata()
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        if about["settings"] != settings:
            raise RunError(f"{path}: was written with other settings or data; expected the same, or a new --out folder")
        module.load_state_dict(_part(tensors, "module."))
        _restore_optimiser(optimiser, _part(tensors, "optimiser."))
        torch.set_rng_state(tensors["random"])
        if "random.cuda" in tensors and torch.cuda.is_available():
            torch.cuda.set_rng_state(tensors["random.cuda"])
        standing = TrainingState(**json.loads(about["standing"]))
    except (OSError, SafetensorError, KeyError, TypeError, ValueError, RuntimeError) as error:
        why = " ".join(str(error).split())
        raise RunError(f"{path}: a damaged checkpoint ({why}); delete it to start over") from error
    return standing, _part(tensors, "best.")


def _restore_optimiser(optimiser: Optimizer, moments: dict[str, Tensor]) -> None:
    state: dict[int, dict[str, Tensor]] = {}
    for name, value in moments.items():
        number, _, moment = name.partition(".")
        state.setdefault(int(number), {})[moment] = value
    optimiser.load_state_dict({"state": state, "param_groups": optimiser.state_dict()["param_groups"]})


def _part(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}
