"""Checks of what people wrote, without a network: shapes of YAML files, rules of Flow JSON."""
