"""Consistency: answers and instructions that do not fit the task that the other records set."""

zh = "与同类任务的其他记录不一致的回答和指令。"
