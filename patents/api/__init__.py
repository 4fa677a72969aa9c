"""The REST interface of the patents workstream."""
