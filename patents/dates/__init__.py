"""The dates of rights: what the rules make of a right's facts and of the notices received, kept as deadlines."""
