"""What customers take part in: forms, one question a screen, and the answers that become events of the log."""
