"""Pages of officials and experts: queue, cases, reviews, calls, questionnaires, homes."""
