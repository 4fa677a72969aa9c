"""Figures for officials: city and district dashboards, one measure, the list behind a figure, targets, months."""
