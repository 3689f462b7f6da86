"""Doing what a plan says: read, journal the intent, write, prove by reading back, journal."""
