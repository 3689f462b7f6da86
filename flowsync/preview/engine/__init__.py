"""Runs a flow as a person meets it: from what they do to what shows next, without page or disk."""
