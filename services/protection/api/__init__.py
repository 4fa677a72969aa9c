"""The interface for programs of the protection workstream."""
