"""The pages that customers meet: forms, their preferences, and why we wrote. No log-in, no JavaScript."""
