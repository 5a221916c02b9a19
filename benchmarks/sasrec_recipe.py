"""Which part of SASRec's recipe matters? Each is taken away alone, for a few epochs of MovieLens 1M.

Initialisation: N(0, 0.02), or PyTorch's defaults. Normalisation: queries and outputs as in SASRec, or pre-LN blocks
as in most transformers since. Batching: 128 users at random, or users of like length together. Windows: every rating
a target, or those of the latest 200 alone. Judged by NDCG@10 on the validation part.
"""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from benchmarks.measuring import ml_1m, record
from matinee.data.dataset import Dataset
from matinee.data.splits import make_split
from matinee.models.neural import sasrec
from matinee.models.neural.sasrec import Block, SASRec, SASRecModule
from matinee.training.batches.sequences import SequenceBatches

EPOCHS = 4


class DefaultInitialisation(SASRec):
    """Embeddings from N(0, 1), linear layers uniform, as PyTorch makes them."""

    def build(self, train: Dataset) -> SASRecModule:
        """Without the recipe's own initialisation."""
        module = super().build(train)
        for part in module.modules():
            if isinstance(part, torch.nn.Linear | torch.nn.Embedding):
                part.reset_parameters()
        return module


class PreNormBlock(Block):
    """x + attention(LN(x)), then x + network(LN(x))."""

    def forward(self, x: Tensor, seen: Tensor | None = None) -> Tensor:
        """(batch, length, d) -> (batch, length, d)."""
        normal = self.before_attention(x)
        q, k, v = (self._split(part) for part in (self.query(normal), self.key(normal), self.value(normal)))
        p = self.dropout if self.training else 0.0
        found = torch.nn.functional.scaled_dot_product_attention(q, k, v, seen, p, is_causal=seen is None)
        x = x + self.join(found.transpose(1, 2).flatten(2))
        return x + self.network(self.before_network(x))


class PreNorm(SASRec):
    """The same sizes with pre-LN blocks."""

    def build(self, train: Dataset) -> SASRecModule:
        """With other blocks, made and initialised in the same order."""
        recipe, sasrec.Block = sasrec.Block, PreNormBlock
        try:
            return super().build(train)
        finally:
            sasrec.Block = recipe


class BucketedBatches(SequenceBatches):
    """The windows of an epoch sorted by length, cut into batches, the batches in random order."""

    def epoch(self, number: int) -> Iterator[tuple[Tensor, Tensor]]:
        """Batches of windows of like length."""
        rng = np.random.default_rng([self.seed, number])
        starts, stops = self._windows(rng)
        order = rng.permutation(len(self.owner))
        order = order[np.argsort((stops - starts)[order], kind="stable")]
        for batch in rng.permutation(len(self)):
            chosen = order[batch * self.batch_size : (batch + 1) * self.batch_size]
            yield self._cut(starts[chosen], stops[chosen])


class Bucketed(SASRec):
    """The same windows in batches of like length."""

    def batches(self, train: Dataset) -> BucketedBatches:
        """Batches of like length."""
        c = self.config
        return BucketedBatches(train.histories, c.length, c.training.batch_size, c.windows, c.training.seed)


VARIANTS = {
    "the recipe": (SASRec, {}),
    "default initialisation": (DefaultInitialisation, {}),
    "pre-LN blocks": (PreNorm, {}),
    "batches of like length": (Bucketed, {}),
    "latest windows": (SASRec, {"windows": "latest"}),
}


def run() -> None:
    """Train each for a few epochs; nothing here looks at the test part."""
    split = make_split(ml_1m(), "leave-last")
    answer = {}
    for name, (kind, changes) in VARIANTS.items():
        model = kind(training={"epochs": EPOCHS, "patience": EPOCHS}, **changes).fit(split.train, split.validation)
        figures = [round(entry["NDCG@10"], 4) for entry in model.curve]
        answer[name] = {"ndcg@10": figures, "seconds": round(model.curve[-1]["seconds"], 1)}
        print(name, answer[name], flush=True)
    record(
        "sasrec_recipe",
        f"MovieLens 1M, validation NDCG@10 after each of {EPOCHS} epochs: which part of the recipe matters?",
        answer,
    )
