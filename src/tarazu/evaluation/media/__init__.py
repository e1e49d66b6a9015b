"""Measure the media room on pictures that are drawn: nobody's face, no real emblem, every one from a number."""
