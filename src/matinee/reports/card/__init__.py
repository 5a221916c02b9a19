"""The report card: a report as one HTML page that loads nothing and runs nothing."""

from matinee.reports.card.render import render_report_card

__all__ = ["render_report_card"]
