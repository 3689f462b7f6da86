"""The emulator in the form of Meta's Graph API."""
