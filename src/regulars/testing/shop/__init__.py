"""The Gift House: a British gift shop on real orders, with made-up people and the one story that the demo tells."""
