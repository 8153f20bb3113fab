"""What people and machines meet over HTTP: api (machines), console (the team), pages (customers)."""
