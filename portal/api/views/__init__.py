"""Resources of the API, one module per side. A verb is at most fifteen lines and calls one action."""
