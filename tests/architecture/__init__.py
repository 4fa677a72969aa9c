"""Checks of the house rules, as functions from a folder to a list of faults, so that tests can plant faults."""
