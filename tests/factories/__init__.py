"""Realistic people and cases for the tests: plain functions, one per noun."""
