from .card.render import render_report_card as render_report_card
from .metrics import METRICS as METRICS, Metric as Metric
from .schema import (
    Comparison as Comparison,
    Figure as Figure,
    ModelReport as ModelReport,
    Report as Report,
    Slice as Slice,
    TradeoffCurves as TradeoffCurves,
    TradeoffPoint as TradeoffPoint,
    load_json as load_json,
)
