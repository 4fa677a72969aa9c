"""Workstream 2: creation and the register of rights."""
