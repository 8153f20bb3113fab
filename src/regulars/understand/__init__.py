"""What the log means: daily counts, and segments, which are rules that customers match from one moment to the next."""
