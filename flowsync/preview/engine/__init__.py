"""Runs a flow as a phone would: from events of a person to views of a screen."""
