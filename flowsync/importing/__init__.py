"""Remote flows as files of the repository: first planned as values, then written."""
