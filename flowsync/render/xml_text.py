"""Foreign text in XML: reports of tests, and pictures."""

from __future__ import annotations

import re

from flowsync.render.style import clean

_NOT_XML = re.compile("[\ufffe\uffff]")  # of what `clean` lets through; XML 1.0, section 2.2


def xml_text(text: str) -> str:
    """Give foreign text as XML can hold it, invisible characters as escapes."""
    return in_xml(clean(text))


def in_xml(text: str) -> str:
    """Give a text that was cleaned, or is ours, without the characters that XML cannot hold."""
    return _NOT_XML.sub("\ufffd", text)
