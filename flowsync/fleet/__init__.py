"""Many accounts as one target: which they are, how the work on them runs, what became of each."""
