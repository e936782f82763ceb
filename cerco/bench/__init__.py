"""The bench: how well an engine finds what is sensitive, and how often it cries wolf. Its door is `cerco bench`."""
