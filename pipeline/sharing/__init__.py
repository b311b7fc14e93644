"""From the LA zone to the hub zone: pseudonyms, allow-list, degradation."""
