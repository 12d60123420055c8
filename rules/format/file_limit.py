from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from sftlint import Bad, Finding, Good, Phrase, Preset, Rule, Run, chat


class FileLimit(Rule):
    """Files that the platform does not take: too large, too many, or with another extension.

    The upload fails, some of them only after hours.

    Limits differ between the manuals of one platform, so the message says of what date they are; `sftlint config` shows the source.

    Not reported: anything, as long as no preset is given; the extension of standard input.
    """

    zh = """平台不接受的文件：过大、过多，或扩展名不对。

    上传会失败，有时要等上几个小时才知道。

    同一平台不同版本的手册限制也不同，因此提示中注明日期；出处见 `sftlint config`。

    不报告：未指定预设时不做检查；标准输入的扩展名。
    """
    message = Phrase(
        en="{size} MB; {preset} takes files of up to {limit} MB ({manual})",
        zh="{size} MB；{preset} 的单个文件上限为 {limit} MB（{manual}）",
    )
    message_extension = Phrase(
        en="{preset} takes {wanted}, not {found} ({manual})", zh="{preset} 只接受 {wanted}，不接受 {found}（{manual}）"
    )
    message_files = Phrase(
        en="{count} files; {preset} takes up to {limit} ({manual})",
        zh="共 {count} 个文件；{preset} 的上限为 {limit} 个（{manual}）",
    )
    message_total = Phrase(
        en="{size} MB in all; {preset} takes up to {limit} MB ({manual})",
        zh="共 {size} MB；{preset} 的总大小上限为 {limit} MB（{manual}）",
    )
    message_records = Phrase(
        en="{count} records; {preset} takes up to {limit} ({manual})",
        zh="共 {count} 条记录；{preset} 的上限为 {limit} 条（{manual}）",
    )
    suggestion = Phrase(en="split, join or rename the files", zh="拆分、合并文件或修改扩展名")
    scope = "file"
    needs = "preset"

    good = [
        Good(chat("你好", "您好"), name="train.ndjson"),
        Good(*(chat(f"{n} + {n}?", str(2 * n)) for n in range(12)), preset="mistral"),
    ]
    bad = [
        Bad(chat("你好", "您好"), at=(None,), name="train.ndjson", preset="pangu"),
        Bad(chat("Hi", "Hello"), at=(None,), name="train.ndjson", preset="openai"),
    ]

    preset: Annotated[str, "platform whose limits count"] = ""

    def finish(self, summary: None, run: Run) -> Iterator[Finding]:
        held = Preset.of(self.preset)
        said = {"preset": held.name, "manual": held.manual}
        for file in run.files:
            extension = "." + file.name.rpartition(".")[2].lower()
            if held.extensions and extension not in held.extensions and not file.name.startswith("<"):
                wanted = ", ".join(held.extensions)
                yield self.finding(file=file.number, kind="message_extension", found=extension, wanted=wanted, **said)
            if 0 < held.max_file_size < file.size:
                yield self.finding(file=file.number, size=-(-file.size >> 20), limit=held.max_file_size >> 20, **said)
        training = [file for file in run.files if file.split == "train"]
        total, records = sum(file.size for file in training), sum(run.counts[file.number].records for file in training)
        if 0 < held.max_files < len(training):
            yield self.finding(kind="message_files", count=len(training), limit=held.max_files, **said)
        if 0 < held.max_total_size < total:
            yield self.finding(kind="message_total", size=total >> 20, limit=held.max_total_size >> 20, **said)
        if 0 < held.max_records < records:
            yield self.finding(kind="message_records", count=records, limit=held.max_records, **said)
