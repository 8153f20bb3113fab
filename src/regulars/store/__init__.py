"""The only door to databases: PostgreSQL (ours or given), the log with its followers, and migrations."""
