"""What people read: Data Docs, feedback workbooks, the regional report."""
