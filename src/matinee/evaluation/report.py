"""What an evaluation found, as plain data: the content of `evaluate --json`."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from matinee.data.files import write_json
from matinee.evaluation.intervals import Figure


@dataclass(frozen=True)
class Slice:
    """The same metrics for some of the users or some of the test movies."""

    about: str  # who or what is in it
    users: int
    metrics: dict[str, Figure]


@dataclass(frozen=True)
class ModelReport:
    """One model's figures, and what they cost."""

    name: str
    about: str
    metrics: dict[str, Figure]  # "ndcg@10" -> value and interval
    slices: dict[str, Slice]
    fit_seconds: float
    score_seconds: float
    peak_memory_mb: float  # of the whole process while fitting and scoring
    settings: dict[str, Any]
    note: str = ""  # e.g. that a saved run was fitted again
    covers: str = ""  # which movies were solved densely, where not all were


@dataclass(frozen=True)
class Comparison:
    """A paired difference between two models, tested."""

    metric: str
    better: str
    worse: str
    difference: Figure
    p: float  # two-sided, corrected for the number of comparisons


@dataclass(frozen=True)
class Report:
    """A whole evaluation: the protocol, the models in the order asked for, and their differences."""

    protocol: dict[str, Any]
    models: list[ModelReport]
    comparisons: list[Comparison] = field(default_factory=list[Comparison])
    data: dict[str, Any] = field(default_factory=dict[str, Any])

    def to_json(self) -> dict[str, Any]:
        """Plain dictionaries, as `evaluate --json` writes them and the report card reads them."""
        return asdict(self)

    def write_json(self, path: Path) -> None:
        """Write the report atomically."""
        write_json(path, self.to_json())
