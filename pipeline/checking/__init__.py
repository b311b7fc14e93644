"""`common-core check`: check files where they lie, without a home, a key or a warehouse."""
