"""Rules and sources: the public book, and its administration by the city."""

from portal.views.rules.book import PAGE, RuleList

__all__ = ["PAGE", "RuleList"]
