"""The report of a region that a director looks at, and its edition for each LA."""
