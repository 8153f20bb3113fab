"""What we remember: who is who, what each customer told us, what each allowed, and all that happened with them."""
