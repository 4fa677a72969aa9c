"""Pages of dates."""
