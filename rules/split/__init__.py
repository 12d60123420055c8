"""Training and evaluation data that do not go together."""

zh = "互不匹配的训练集与评测集。"
