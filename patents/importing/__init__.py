"""Imports of rights: read a file, know its columns, judge each row, and take the good ones in by sets."""
