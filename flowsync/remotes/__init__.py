"""Services that hold flows: one small interface, and the kinds of remote behind it."""
