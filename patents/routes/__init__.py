"""Addresses of the patents workstream, one module per area."""
