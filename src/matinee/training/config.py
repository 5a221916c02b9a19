"""Settings of the training loop, shared by every model trained with it."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


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
