"""Who may come in: workspaces, the team's people and sessions, keys for machines, signed links for customers."""
