"""Says what was decided: templates, campaigns, the outbox with its gate, and the memory of what was said and why."""
