"""Records that a platform or a loader refuses, or reads otherwise than meant."""

zh = "平台或加载程序会拒收、或会误读的记录和文件。"
