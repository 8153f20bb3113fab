"""The vocabulary every room shares: errors, kinds of event, ids, the clock. It knows no other room."""
