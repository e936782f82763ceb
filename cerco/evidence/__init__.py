"""Room 5: a verdict becomes a record that is neither lost nor changed."""
