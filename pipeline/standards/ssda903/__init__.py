"""DfE's rules for the SSDA903 return: read from `expectations/ssda903/rules/`, run in DuckDB."""
