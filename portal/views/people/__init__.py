"""Pages of people: registering, joining, members, verification, districts, offices."""
