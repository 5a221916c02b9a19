"""The report of an evaluation: its schema, the metric registry, charts, the HTML card and the model card."""

from typing import TYPE_CHECKING

from matinee.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from matinee.reports.card.render import render_report_card
    from matinee.reports.metrics import METRICS, Metric
    from matinee.reports.schema import (
        Comparison,
        Figure,
        ModelReport,
        Report,
        Slice,
        TradeoffCurves,
        TradeoffPoint,
        load_json,
    )

__all__ = [
    "METRICS",
    "Comparison",
    "Figure",
    "Metric",
    "ModelReport",
    "Report",
    "Slice",
    "TradeoffCurves",
    "TradeoffPoint",
    "load_json",
    "render_report_card",
]

_MODULES = {
    "Comparison": "matinee.reports.schema",
    "Figure": "matinee.reports.schema",
    "METRICS": "matinee.reports.metrics",
    "Metric": "matinee.reports.metrics",
    "ModelReport": "matinee.reports.schema",
    "Report": "matinee.reports.schema",
    "Slice": "matinee.reports.schema",
    "TradeoffCurves": "matinee.reports.schema",
    "TradeoffPoint": "matinee.reports.schema",
    "load_json": "matinee.reports.schema",
    "render_report_card": "matinee.reports.card.render",
}

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_exports(globals(), _MODULES)
