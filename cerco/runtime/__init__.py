"""Processes: settings, keys, the proxy and its scanners, and what supervises them."""
