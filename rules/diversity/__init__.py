"""Diversity: prompts that leave open what to answer, and sets that say the same thing over and over."""
