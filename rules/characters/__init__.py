"""Characters that no writer meant."""

zh = "书写者不会有意输入的字符。"
