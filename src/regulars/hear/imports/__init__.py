"""Files of orders, events and customers: how they are read, understood, and taken in."""
