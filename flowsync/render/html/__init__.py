"""Reports as one HTML file each: no script, no network, readable on a phone and on paper."""
