"""Filters of the shared pages, one module per area."""
