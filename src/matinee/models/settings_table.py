"""Tables of models' settings for the documentation, generated from the config classes.

A page holds blocks that start with `<!-- settings: NAME -->` and end with `<!-- /settings -->`. NAME is a model,
`training` for the training loop, or `shared` for the names that models share. This command rewrites them:

    python -m matinee.models.settings_table docs/models.md docs/training.md
"""

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from matinee.data.files import write_text
from matinee.models.recommender import fields_of
from matinee.models.registry import model_class
from matinee.training.loop import TrainingConfig

# One name for one thing in all models. A setting that several models have must be listed here.
SHARED_SETTINGS = {
    "batch_size": "examples in a training step",
    "dropout": "share of activations that are set to zero in training",
    "embedding_dim": "size of the vectors of movies and users",
    "epochs": "passes over the training data, at most",
    "half_life": "movies after which an entry of a history counts half",
    "head": "most-rated movies that are solved densely",
    "hidden_dims": "sizes of hidden layers",
    "init_std": "standard deviation of new embeddings",
    "lr": "learning rate",
    "max_length": "latest movies of a history that are used",
    "negatives": "negatives for each positive, or for each batch",
    "neighbours": "neighbours kept for each movie",
    "output_dim": "size of the vectors that towers give",
    "reg": "strength of the L2 penalty of a closed form",
    "seed": "seed of everything random",
    "solver": "how a closed form is solved",
    "tail_neighbours": "neighbours of each movie outside the head",
    "title_length": "words of a title that are used",
    "training": "settings of the training loop",
    "user_id": "use the id of a user, where it is known",
    "weight_decay": "strength of the decay of weights in training",
}

_BLOCK = re.compile(r"(<!-- settings: (\w+) -->\n).*?(<!-- /settings -->)", re.DOTALL)


def settings_table(name: str) -> str:
    """Render the Markdown table of a block. Raises `NotFoundError` for an unknown name."""
    if name == "shared":
        rows = [f"| `{setting}` | {meaning} |" for setting, meaning in SHARED_SETTINGS.items()]
        return "\n".join(["| setting | meaning |", "|---|---|", *rows]) + "\n"
    fields = fields_of(config_class(name))
    if not fields:
        return "It has no settings.\n"
    rows = [f"| `{setting}` | {_default(field)} | {field.description} |" for setting, field in fields.items()]
    return "\n".join(["| setting | default | meaning |", "|---|---|---|", *rows]) + "\n"


def config_class(name: str) -> type[BaseModel]:
    """Return the config class of a model, or of the training loop. Raises `NotFoundError` for an unknown name."""
    return TrainingConfig if name == "training" else model_class(name).config_class


def rewrite_blocks(page: str) -> str:
    """Fill all blocks of a page with current tables. Raises `NotFoundError` for an unknown name."""
    return _BLOCK.sub(lambda block: block[1] + settings_table(block[2]) + block[3], page)


def main(paths: Sequence[str]) -> int:
    """Rewrite the blocks of these pages. Returns the exit code."""
    if not paths:
        print("usage: python -m matinee.models.settings_table PAGE...", file=sys.stderr)
        return 2
    for path in map(Path, paths):
        write_text(path, rewrite_blocks(path.read_text(encoding="utf-8")))
    return 0


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True)
    return _format_training(value) if isinstance(value, TrainingConfig) else _format(value)


def _format_training(config: TrainingConfig) -> str:
    """List the settings that differ from the defaults of the loop."""
    changes = config.model_dump(exclude_defaults=True)
    return (
        ", ".join(f"`{name}` {_format(value)}" for name, value in changes.items()) or "[defaults](training.md#settings)"
    )


def _format(value: Any) -> str:
    if value is None or value == ():
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, tuple):
        return ", ".join(_format(entry) for entry in value)
    if isinstance(value, BaseModel):  # a part of a blend
        model, settings = value.model_dump().values()
        return " with ".join([f"`{model}`", *(f"`{name}` {_format(entry)}" for name, entry in settings.items())])
    return str(value)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
