"""Consistency: answers and instructions that do not fit the task that the other records set."""
