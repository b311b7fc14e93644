"""Take whatever a local authority sends: receive, read, recognise, clean, record."""
