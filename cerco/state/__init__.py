"""What several requests or workers must know of each other's outbounds."""
