"""The documents of an evaluation that a run keeps beside its weights."""

import json
from dataclasses import replace
from importlib.util import find_spec

from matinee.models.capabilities import TrainsInEpochs
from matinee.models.recommender import Recommender
from matinee.models.runs import CARD_FILE, CURVES_FILE, METRICS_FILE
from matinee.reports.model_card import model_card
from matinee.reports.schema import Report
from matinee.training.curves import draw_curves


def run_documents(report: Report, name: str, model: Recommender) -> dict[str, bytes]:
    """Build the files that `save_run` writes beside the weights: file name -> content.

    These are the report as JSON, the model card and, for a trained model, a drawing of its curves. `model` was measured
    as `name` in `report`. Curves are drawn only if matplotlib is installed; the report holds their values in any case.
    """
    curve = model.curve if isinstance(model, TrainsInEpochs) else ()
    figures = json.dumps(replace(report, curve=list(curve)).to_json(), indent=2, ensure_ascii=False)
    card = model_card(report, name)
    documents = {
        METRICS_FILE: f"{figures}\n".encode(),
        CARD_FILE: card.encode(),
    }
    if isinstance(model, TrainsInEpochs) and curve and find_spec("matplotlib") is not None:
        documents[CURVES_FILE] = draw_curves(curve, model.best_epoch)
    return documents
