"""Workstream 5: public service."""
