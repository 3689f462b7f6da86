"""Meta's Graph API as a remote."""
