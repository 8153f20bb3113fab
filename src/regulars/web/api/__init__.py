"""What machines talk to: the event protocol under /v1, and the API of the console under /api."""
