"""The one canonical form of definitions and Flow JSON, which never changes what they mean."""
