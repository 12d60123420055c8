"""What a file holds before it is records: where it lies, what kind of file it is, JSON, and why a line is not JSON."""
