"""The command line: options, output, exit codes, and the choice of the remote."""
