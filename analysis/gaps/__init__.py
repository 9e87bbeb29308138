"""Figures that are sought of a plan's districts, and those that a reader has found."""
