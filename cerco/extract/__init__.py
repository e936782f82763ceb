"""The second room: bytes in, text and gaps out. Its door is `read.read`; its nouns are in `text`."""
