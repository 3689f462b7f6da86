"""How the flows that definitions mean are doing on a target: status, health, versions, errors."""
