"""Answers that were cut off."""

zh = "被截断的回答。"
