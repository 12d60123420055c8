"""Personal data and secrets, which the model would learn by heart."""

zh = "个人信息和密钥，模型会把它们背下来。"
