"""Workstream 4: protection."""
