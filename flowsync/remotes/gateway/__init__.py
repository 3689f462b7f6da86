"""The gateway API: nine operations in front of Meta's WhatsApp Flows."""
