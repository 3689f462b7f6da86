"""What a target of the Graph API has where it says nothing else."""

from __future__ import annotations

import re

DEFAULT_BASE_URL = "https://graph.facebook.com"
DEFAULT_API_VERSION = "v24.0"  # of October 2025; Meta serves a version for two years
API_VERSION = re.compile(r"v\d{1,3}\.\d{1,2}")
DEFAULT_ASSET_HOSTS = ("*.fbcdn.net", "*.fbsbx.com", "*.whatsapp.net")
"""Where Meta keeps the Flow JSON that links lead to."""
