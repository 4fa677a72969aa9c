"""Workstreams 4 and 5."""
