"""Settings of the training loop, shared by every model trained with it."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class TrainingConfig(BaseModel):
    """How long, how fast and by what rule weights change."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    epochs: int = Field(default=100, ge=1)  # at most
    patience: int = Field(default=10, ge=1)  # epochs without a better validation figure before stopping
    batch_size: int = Field(default=128, ge=1)
    optimiser: Literal["adam", "adamw"] = "adam"
    learning_rate: float = Field(default=1e-3, gt=0)
    weight_decay: float = Field(default=0.0, ge=0)
    schedule: Literal["constant", "cosine"] = "constant"
    warmup_steps: int = Field(default=0, ge=0)  # steps over which the rate rises from zero
    clip_norm: float | None = Field(default=None, gt=0)  # gradients are scaled down to this length
    seed: int = Field(default=0, ge=0)
