"""Cerco: an outbound DLP gate for DingTalk traffic."""

__version__ = "0.1.0"
