"""Diversity: prompts that leave open what to answer, and sets that say the same thing over and over."""

zh = "没有指明要回答什么的提问，以及内容雷同的数据集。"
