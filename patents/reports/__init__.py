"""Reports and exports of the register, one module per area; each has a `register()` called when the app is ready."""
