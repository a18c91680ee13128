"""Croissant metadata (versions 1.0 and 1.1): what a data set's files are, and the records in them."""
