"""The conductor: which followers run, in what order, and what runs on schedule."""
