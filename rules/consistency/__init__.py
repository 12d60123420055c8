"""Consistency: answers that do not fit their prompt, the task that the other records set, or themselves."""

zh = "与提示词、与同类任务的其他记录或与自身不一致的回答和指令。"
