"""What is learned from the Sample: the instructions of a set, the form of their answers, roles, scripts, ends of sentences."""
