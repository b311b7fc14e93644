"""The data standards: load them from expectations/, check submissions against them."""
