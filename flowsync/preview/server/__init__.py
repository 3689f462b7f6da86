"""The preview over HTTP, for a browser on this machine alone."""
