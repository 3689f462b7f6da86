"""WhatsApp Flows as code: validate, plan and apply flow definitions kept in a git repository."""

__version__ = "0.1.0"
