"""Turns out of order, of nobody, or said twice."""

zh = "轮次错位、角色不明、重复的对话。"
