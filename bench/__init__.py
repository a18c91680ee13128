"""Figures: `make bench` prints one table. Nothing here is a test."""
