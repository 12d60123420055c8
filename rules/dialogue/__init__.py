"""Turns out of order, of nobody, or said twice."""
