"""REST API of the protection workstream under /api/v1/."""
