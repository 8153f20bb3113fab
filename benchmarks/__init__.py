"""Every figure the README gives, reproducible with one command, the bare engine beside it."""
