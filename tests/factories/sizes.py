"""Examples of the rules for the size of an enterprise: industry, staff, revenue in ten thousand, size."""

SIZES = [
    ("industry", 350, 1500, "small"),
    ("industry", 1500, 30000, "medium"),
    ("industry", 1000, 40000, "large"),
    ("industry", 19, 50000, "micro"),
    ("software", 120, 900, "small"),
    ("software", 9, 5000, "micro"),
    ("software", 300, 10000, "large"),
    ("other", 100, 0, "medium"),
]
