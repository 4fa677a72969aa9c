"""Forms of the patents workstream, one module per area."""
