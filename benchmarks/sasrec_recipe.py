"""Which part of SASRec's recipe matters? Each is removed in turn, for a few epochs of MovieLens 1M.

Initialisation: N(0, 0.02), or PyTorch's defaults. Normalisation: queries and outputs as in SASRec, or pre-LN blocks
as in most later transformers. Batching: 128 random users, or users with histories of similar length. Windows: every
rating is a target, or only the latest 200. The measure is NDCG@10 on the validation part.
"""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from benchmarks.harness import ml_1m, record
from matinee.data.dataset import Dataset
from matinee.data.splits import make_split
from matinee.models.neural import sasrec
from matinee.models.neural.sasrec import Block, SASRec, SASRecModule
from matinee.training.batches.sequences import SequenceBatches

EPOCHS = 4


class DefaultInitialisation(SASRec):
    """SASRec with the default initialisation of PyTorch: embeddings N(0, 1), linear layers uniform."""

    def build_module(self, train: Dataset) -> SASRecModule:
        """Build the network with default initialisation."""
        module = super().build_module(train)
        for part in module.modules():
            if isinstance(part, torch.nn.Linear | torch.nn.Embedding):
                part.reset_parameters()
        return module


class PreNormBlock(Block):
    """A block that computes x + attention(LN(x)), then x + network(LN(x))."""

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """(batch, length, d) -> (batch, length, d)."""
        normal = self.before_attention(x)
        q, k, v = (self._split(part) for part in (self.query(normal), self.key(normal), self.value(normal)))
        p = self.dropout if self.training else 0.0
        attended = torch.nn.functional.scaled_dot_product_attention(q, k, v, mask, p, is_causal=mask is None)
        x = x + self.join(attended.transpose(1, 2).flatten(2))
        return x + self.network(self.before_network(x))


class PreNorm(SASRec):
    """SASRec with pre-LN blocks."""

    def build_module(self, train: Dataset) -> SASRecModule:
        """Build the network with pre-LN blocks, initialised in the same order."""
        recipe, sasrec.Block = sasrec.Block, PreNormBlock
        try:
            return super().build_module(train)
        finally:
            sasrec.Block = recipe


class BucketedBatches(SequenceBatches):
    """The windows of an epoch sorted by length, cut into batches, the batches in random order."""

    def epoch(self, number: int) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield batches of windows with similar lengths."""
        rng = np.random.default_rng([self.seed, number])
        starts, stops = self._windows(rng)
        order = rng.permutation(len(self.owner))
        order = order[np.argsort((stops - starts)[order], kind="stable")]
        for batch in rng.permutation(len(self)):
            rows = order[batch * self.batch_size : (batch + 1) * self.batch_size]
            yield self._cut(starts[rows], stops[rows])


class Bucketed(SASRec):
    """SASRec with the same windows in batches of similar length."""

    def make_batches(self, train: Dataset) -> BucketedBatches:
        """Return batches of similar length."""
        c = self.config
        return BucketedBatches(train.histories, c.max_length, c.training.batch_size, c.windows, c.training.seed)


VARIANTS = {
    "the recipe": (SASRec, {}),
    "default initialisation": (DefaultInitialisation, {}),
    "pre-LN blocks": (PreNorm, {}),
    "batches of similar length": (Bucketed, {}),
    "latest windows": (SASRec, {"windows": "latest"}),
}


def run() -> None:
    """Train each variant for a few epochs. The test part is not used."""
    split = make_split(ml_1m(), "leave-last")
    results = {}
    for name, (model_class, changes) in VARIANTS.items():
        model = model_class(training={"epochs": EPOCHS, "patience": EPOCHS}, **changes).fit(
            split.train, split.validation
        )
        figures = [round(entry["NDCG@10"], 4) for entry in model.curve]
        results[name] = {"ndcg@10": figures, "seconds": round(model.curve[-1]["seconds"], 1)}
        print(name, results[name], flush=True)
    record(
        "sasrec_recipe",
        f"MovieLens 1M, validation NDCG@10 after each of {EPOCHS} epochs: which part of the recipe matters?",
        results,
    )
