"""Signals become events: the Segment protocol and imports. Validation, no judgement."""
