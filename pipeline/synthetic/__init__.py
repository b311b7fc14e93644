"""A believable region of any size, with seeded errors; nobody in it exists."""
