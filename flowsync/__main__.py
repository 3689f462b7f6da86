"""`python -m flowsync` runs the command line."""

from flowsync.cli.main import run

if __name__ == "__main__":
    run()
