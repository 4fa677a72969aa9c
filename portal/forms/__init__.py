"""Forms of the shared pages, one module per area."""
