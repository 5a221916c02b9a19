"""Train a model: evaluate its settings on a split, fit it on all ratings, and save it as a run."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from matinee.data.splits import Split
from matinee.evaluation.documents import run_documents
from matinee.evaluation.evaluate import evaluate
from matinee.models.blend.blend import Blend
from matinee.models.linear.closed_form import ClosedForm
from matinee.models.memory_budget import make_updatable as with_sums
from matinee.models.recommender import Recommender
from matinee.models.registry import make
from matinee.models.runs import Run, save_run
from matinee.reports.schema import Report
from matinee.workflows.models import BASELINES


@dataclass(frozen=True)
class TrainingOptions:
    """Options of a training besides the settings of the model."""

    seed: int = 0
    updatable: bool = False  # keep the sums that `update_run` needs
    resume: bool = False  # continue from the checkpoints of an interrupted training
    tensorboard: Path | None = None  # folder for the figures of each epoch


@dataclass(frozen=True, eq=False)
class TrainedRun:
    """A saved run, and the evaluation of its settings beside the baselines."""

    run: Run
    report: Report


def train_run(
    model: Recommender, split: Split, source: Path, folder: Path, options: TrainingOptions | None = None
) -> TrainedRun:
    """Evaluate `model` on `split`, fit it on all its ratings, and save it in `folder` with report and model card.

    `source` is the folder or file that the data was read from. Networks leave checkpoints in a hidden folder beside
    `folder` until the run is complete. Raises `RunError` if `folder` exists and is not a run.
    """
    options = options or TrainingOptions()
    checkpoints = folder.parent / f".{folder.name}.training"
    if not options.resume:
        shutil.rmtree(checkpoints, ignore_errors=True)
    sums = folder.parent / f".{folder.name}.statistics.part"
    try:
        if options.updatable:
            model = with_sums(model, int((split.whole.counts > 0).sum()))
        model.keep_checkpoints(checkpoints / "judged")
        if options.tensorboard is not None:
            model.write_events(options.tensorboard)
        baselines = {name: make(name) for name in BASELINES}
        report = evaluate(baselines | {model.name: model}, split, seed=options.seed)
        final = model.unfitted_copy_for_all_data()
        final.keep_checkpoints(checkpoints / "everything")
        if options.updatable and isinstance(final, ClosedForm | Blend):
            final.keep_sums(sums)
        final.fit(split.whole)
        documents = run_documents(report, model.name, model)
        run = save_run(folder, final, split.whole, source, documents, sums if options.updatable else None)
    finally:
        shutil.rmtree(sums, ignore_errors=True)
    shutil.rmtree(checkpoints, ignore_errors=True)
    return TrainedRun(run, report)
