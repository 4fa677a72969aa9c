"""Workstream 3: utilisation of rights."""
