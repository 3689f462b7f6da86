"""What would change and why: pure values from definitions, observed flows and policy."""
