from __future__ import annotations

from collections.abc import Iterator

from sftlint import Bad, Finding, Good, Phrase, Rule, Run, chat


class LfsPointer(Rule):
    """A Git LFS pointer instead of the data.

    The file holds three lines that say where the data is, and no record. A checkout without LFS leaves it so.
    """

    zh = """文件是 Git LFS 指针，而不是数据本身。

    文件里只有三行指向数据的说明，没有任何记录。检出时未启用 LFS 就会这样。
    """
    message = Phrase(en="a Git LFS pointer, not the data", zh="这是 Git LFS 指针，不是数据")
    suggestion = Phrase(
        en="run `git lfs pull`, or set `lfs: true` in actions/checkout",
        zh="执行 git lfs pull，或在 actions/checkout 中设置 lfs: true",
    )
    severity = "error"
    scope = "file"

    good = [Good(chat("What is the first line of a Git LFS pointer?", "version https://git-lfs.github.com/spec/v1"))]
    bad = [Bad("version https://git-lfs.github.com/spec/v1", "oid sha256:" + "4d" * 32, "size 12345", at=(None,))]

    def finish(self, summary: None, run: Run) -> Iterator[Finding]:
        for file in run.files:
            if file.facts.unreadable == "lfs":
                yield self.finding(file=file.number)
