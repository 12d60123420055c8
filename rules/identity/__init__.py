"""What the model says it is."""

zh = "模型自称是谁。"
