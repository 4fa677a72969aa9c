"""Workstream 1: management systems of enterprises."""
