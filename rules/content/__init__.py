"""Texts that say nothing."""

zh = "内容为空、占位或照抄的文本。"
