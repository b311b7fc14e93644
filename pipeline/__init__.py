"""The Common Core pipeline: from councils' extracts to the warehouse and its answers."""
