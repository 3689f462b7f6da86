"""How fast flowsync is beside something that everybody knows: `python -m tests.benchmarks.speed`.

Each row compares two pieces of work that are done in one run on one machine, and asks for a ratio.
"""
