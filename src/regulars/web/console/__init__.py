"""The team's pages: the loop is the menu."""
