"""Showing plans, outcomes and findings: every function gives text and prints nothing."""
