"""Sizes: records and sets that are too long, too few, or out of line."""

zh = "记录或数据集过长、过少或超出限制。"
