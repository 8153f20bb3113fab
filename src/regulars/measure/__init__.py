"""What came of it: what customers said, what we did about it, and how long that took."""
