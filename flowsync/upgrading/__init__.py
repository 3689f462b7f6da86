"""Flow JSON brought to a newer version: what is mechanical is done, the rest is reported."""
