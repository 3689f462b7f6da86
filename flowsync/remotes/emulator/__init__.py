"""An honest stand-in for WhatsApp Flows: its rules on SQLite, served in the gateway's form."""
