"""Web pages for people: what the gate shows to those it stopped."""
