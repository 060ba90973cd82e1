"""Who may come in: users, roles, set-up codes, tokens."""
