"""Pictures of the report: each a static SVG, what it shows in words, and the table behind it."""
