"""The interface for programs: the same actions, rules and sentences as the pages, under /api/v1/."""
