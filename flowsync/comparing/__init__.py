"""How two accounts differ, flow by flow; only reads."""
