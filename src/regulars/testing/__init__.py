"""Shipped kit: an example shop with its customers, for the demo, the tests and whoever writes an adapter."""
