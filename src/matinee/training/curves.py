"""Training curves: the figures of each epoch, as a picture and as events for TensorBoard."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matinee.errors import NotFoundError

# One entry per epoch: `epoch` from 0, `loss`, `seconds` so far, and validation figures.
Curve = Sequence[dict[str, float]]

_NOT_DRAWN = {"epoch", "seconds"}
_BLUE, _GREY = "#2a6fbb", "#8a8a8a"


def draw_curves(curve: Curve, best: int | None = None) -> bytes:
    """Draw a PNG with a panel for each figure, over epochs. The epoch `best` (from 0) is marked in each.

    Raises `NotFoundError` if matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ModuleNotFoundError as missing:
        raise NotFoundError(
            "Curves need matplotlib, which is not installed. Run: pip install 'matinee[deep]'"
        ) from missing

    names = [name for name in curve[0] if name not in _NOT_DRAWN]
    figure = Figure(figsize=(5 * len(names), 3.6), layout="constrained")
    axes: Any = figure.subplots(1, len(names), squeeze=False)[0]
    epochs = [entry["epoch"] + 1 for entry in curve]
    for axis, name in zip(axes, names, strict=True):
        values = [entry[name] for entry in curve]
        axis.plot(epochs, values, color=_BLUE, linewidth=2, marker="o" if len(epochs) < 30 else None, markersize=4)
        if best is not None and 0 <= best < len(curve):
            axis.axvline(best + 1, color=_GREY, linewidth=1, linestyle=":")
            axis.plot([best + 1], [values[best]], "o", color=_BLUE, markersize=8)
            axis.annotate(
                f"{values[best]:.4g}", (best + 1, values[best]), (-6, 8), textcoords="offset points", ha="right"
            )
        axis.set_title(name, loc="left")
        axis.set_xlabel("epoch" if best is None else f"epoch (best: {best + 1})")
        axis.xaxis.get_major_locator().set_params(integer=True)
        axis.spines[["top", "right"]].set_visible(False)
        axis.grid(axis="y", alpha=0.3)
    picture = io.BytesIO()
    figure.savefig(picture, format="png", dpi=110)
    return picture.getvalue()


class EventWriter:
    """Appends the figures of each epoch to a folder for `tensorboard --logdir`."""

    def __init__(self, folder: Path):
        """Open the folder. Raises `NotFoundError` if TensorBoard is not installed."""
        try:
            from torch.utils.tensorboard.writer import SummaryWriter
        except ModuleNotFoundError as missing:
            raise NotFoundError(
                "Events need TensorBoard, which is not installed. Run: pip install 'matinee[deep,tensorboard]'"
            ) from missing
        self._writer = SummaryWriter(str(folder))

    def write(self, entry: dict[str, float]) -> None:
        """Write one epoch of a curve."""
        for name, value in entry.items():
            if name != "epoch":
                self._writer.add_scalar(name, value, int(entry["epoch"]) + 1)
        self._writer.flush()
