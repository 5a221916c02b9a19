from pathlib import Path

import pytest
import torch
from torch import nn

from matinee.errors import RunError
from matinee.training.checkpoint import TrainingState, load_checkpoint, save_checkpoint


def stepped(seed: int) -> tuple[nn.Linear, torch.optim.Adam]:
    """A layer and an optimiser after one step."""
    module = nn.Linear(3, 2)
    with torch.no_grad():
        module.weight.fill_(float(seed))
    optimiser = torch.optim.Adam(module.parameters())
    module(torch.ones(1, 3)).sum().backward()
    optimiser.step()
    return module, optimiser


def saved(path: Path) -> tuple[nn.Linear, torch.optim.Adam, TrainingState]:
    module, optimiser = stepped(1)
    standing = TrainingState(
        epoch=2, step=5, sums={"loss": 0.1}, best=0.3, best_epoch=1, curve=[{"epoch": 0.0, "loss": 1 / 3}]
    )
    save_checkpoint(path, module, optimiser, {"weight": torch.ones(2, 3)}, standing, "these")
    return module, optimiser, standing


def test_everything_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "new" / "checkpoint.safetensors"
    with torch.random.fork_rng():
        module, optimiser, standing = saved(path)
        drawn = torch.rand(3)
        other, fresh = stepped(2)
        stood, best = load_checkpoint(path, other, fresh, "these")
        assert torch.equal(torch.rand(3), drawn)
    assert stood == standing
    assert torch.equal(best["weight"], torch.ones(2, 3))
    assert torch.equal(other.weight, module.weight)
    for number, moments in optimiser.state_dict()["state"].items():
        for name, value in moments.items():
            assert torch.equal(fresh.state_dict()["state"][number][name], value)
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_other_settings_are_refused(tmp_path: Path) -> None:
    saved(tmp_path / "c")
    with pytest.raises(RunError, match="other settings or data"):
        load_checkpoint(tmp_path / "c", *stepped(1), "those")


@pytest.mark.parametrize("size", [0, 7, 100, -1])
def test_a_damaged_checkpoint_is_refused_in_one_line(size: int, tmp_path: Path) -> None:
    path = tmp_path / "c"
    saved(path)
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(RunError, match="damaged checkpoint") as refused:
        load_checkpoint(path, *stepped(1), "these")
    assert "\n" not in str(refused.value)


def test_a_checkpoint_of_another_shape_is_refused_in_one_line(tmp_path: Path) -> None:
    saved(tmp_path / "c")
    module = nn.Linear(4, 2)
    with pytest.raises(RunError, match="damaged checkpoint") as refused:
        load_checkpoint(tmp_path / "c", module, torch.optim.Adam(module.parameters()), "these")
    assert "\n" not in str(refused.value)
