"""The desk for disputes abroad (clause 16): kept by persons named, dated by rules, helped by the city when asked."""
