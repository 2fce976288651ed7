"""Fleets: lists, places and counts by themselves, and one whole run on the engine."""
