import json

from matinee.evaluation.documents import run_documents
from matinee.models.registry import make
from matinee.reports.schema import Report
from tests.reports.card.sample import sample_report


def test_a_run_gets_the_report_and_the_card() -> None:
    documents = run_documents(Report.from_json(sample_report()), "ease", make("ease"))
    assert documents.keys() == {"metrics.json", "MODEL_CARD.md"}
    assert "curve" not in json.loads(documents["metrics.json"])
    assert documents["MODEL_CARD.md"].startswith(b"# ease\n")


def test_a_trained_run_gets_its_curve_too() -> None:
    model = make("dssm")
    model.curve = [{"epoch": 0, "loss": 2.0}, {"epoch": 1, "loss": 1.0}]
    documents = run_documents(Report.from_json(sample_report()), "slist", model)
    assert json.loads(documents["metrics.json"])["curve"] == model.curve
    assert documents["curves.png"].startswith(b"\x89PNG")
