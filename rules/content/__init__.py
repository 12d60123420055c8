"""Texts that say nothing, or hold what was never part of them."""

zh = "内容为空、占位、照抄，或混入了不属于正文的文字。"
