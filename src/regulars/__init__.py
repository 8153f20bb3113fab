"""Regulars: interactive marketing that remembers."""

__version__ = "0.1.0"
