"""The report card: what `evaluate` found, as one HTML page that loads nothing and runs nothing."""

from matinee.evaluation.report_card.render import render_report_card

__all__ = ["render_report_card"]
