"""Records that stand in the data more than once."""

zh = "在数据中重复出现的记录。"
