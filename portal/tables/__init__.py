"""Tables of the shared pages, one module per area."""
