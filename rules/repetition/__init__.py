"""Text that says itself again."""

zh = "反复重复自身的文本。"
