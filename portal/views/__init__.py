"""The shared pages."""
