"""From remote flows to definitions and Flow JSON: what would be written, and writing it."""
