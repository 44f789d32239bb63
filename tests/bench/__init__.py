"""Measurements at real sizes; run by hand, not part of the suite."""
