"""The data standards as data, and the Great Expectations suites built from them."""
