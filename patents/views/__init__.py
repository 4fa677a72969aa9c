"""Pages of the patents workstream, one module or package per area."""
