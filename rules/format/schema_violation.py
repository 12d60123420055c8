from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from sftlint import Bad, Batch, Error, Finding, Good, Phrase, Place, Rule, chat, escape, quote

SCHEMA = '{"required": ["id"], "properties": {"id": {"type": "integer"}, "target": {"maxLength": 5}}}'


class SchemaViolation(Rule):
    """A record that does not fit your JSON Schema.

    What a team agreed on for its records, such as keys, types and lengths, holds for every record or for none.

    Not reported: anything, as long as no schema is given with `--schema FILE` or `schema = "FILE"`.
    """

    zh = """不符合您提供的 JSON Schema 的记录。

    团队对记录约定的内容（字段、类型、长度等）应当对每一条都成立。

    不报告：没有用 `--schema FILE` 或 `schema = "FILE"` 指定 schema 时，不做检查。
    """
    message = Phrase(en="{at} breaks `{key}` of the schema: {detail}", zh="{at} 不符合 schema 的 `{key}`：{detail}")
    suggestion = Phrase(en="mend the record, or the schema", zh="修改记录，或修改 schema")
    severity = "error"
    folds = False
    needs = "schema"

    good = [Good({"id": 1, **chat("一加一", "二")}, schema=SCHEMA), Good(chat("没有 schema 时", "什么都不检查。"))]
    bad = [
        Bad({"id": 1, **chat("Hi", "Hello")}, chat("你好", "您好"), at=(1,), schema=SCHEMA),
        Bad(chat("{x}", "{y}"), schema='{"not": {"required": ["target"]}}'),
        Bad({"id": 2, **chat("Describe it", "Much too long")}, {"id": 3, **chat("你好", "您好")}, schema=SCHEMA),
    ]

    schema: Annotated[str, "file with the JSON Schema, or the schema itself"] = ""

    def check(self, batch: Batch) -> Iterator[Finding]:
        if not self.schema:
            return
        for record in batch.records:
            try:
                value = json.loads(record.raw)  # as it is written: the reader may have renamed keys
            except (ValueError, RecursionError):
                value = record.value  # a number of thousands of digits, a thousand brackets
            for error in sorted(
                self._validator.iter_errors(value), key=lambda e: (list(map(str, e.absolute_path)), str(e.validator))
            ):
                pointer = "".join(f"/{escape(str(step))}" for step in error.absolute_path)
                at = pointer or Phrase(en="the record", zh="该记录")
                place = Place(record.id, pointer or None)
                yield self.finding(place, key=str(error.validator or "false"), at=at, detail=_detail(error))

    @cached_property
    def _validator(self) -> Any:
        import jsonschema

        name = quote(self.schema)
        try:
            text = self.schema if self.schema.lstrip().startswith("{") else Path(self.schema).read_text("utf-8")
            schema = json.loads(text)
            validator = jsonschema.validators.validator_for(schema, default=jsonschema.Draft202012Validator)
            validator.check_schema(schema)
            for value in ({}, {"context": [""], "target": ""}):  # what it refers to is looked up as it is applied
                list(validator(schema).iter_errors(value))
        except OSError as problem:
            raise Error(
                f"schema {name}: cannot be read ({problem.strerror}); check the path",
                zh=f"schema {name}：无法读取（{problem.strerror}）；请检查路径",
            ) from None
        except json.JSONDecodeError as problem:
            row, column = problem.lineno, problem.colno
            raise Error(
                f"schema {name}: no JSON (line {row}, column {column}); give a file with a JSON Schema",
                zh=f"schema {name}：不是 JSON（第 {row} 行第 {column} 列）；请给出 JSON Schema 文件",
            ) from None
        except ValueError:
            raise Error(
                f"schema {name}: not UTF-8; write the file in UTF-8 again", zh=f"schema {name}：不是 UTF-8；请另存为 UTF-8"
            ) from None
        except jsonschema.SchemaError as problem:
            raise Error(
                f"schema {name}: not a JSON Schema: {problem.message}", zh=f"schema {name}：不是 JSON Schema（{problem.message}）"
            ) from None
        except Exception as problem:
            why = "endless $ref" if isinstance(problem, RecursionError) else quote(str(problem), 120)
            raise Error(
                f"schema {name}: cannot be applied ({why}); put what each $ref names into the file",
                zh=f"schema {name}：无法使用（{why}）；请把 $ref 指向的内容写进该文件",
            ) from None
        return validator(schema)


def _detail(error: Any) -> Phrase:
    """What jsonschema says, and in Chinese the same of the keywords in common use."""
    english = quote(error.message, 78)
    known = _CHINESE.get(error.validator)
    if error.validator == "required":
        chinese = f"缺少 {quote(error.message.rpartition(' is a ')[0])}"
    else:
        chinese = known.format(quote(json.dumps(error.validator_value, ensure_ascii=False), 60)) if known else english
    return Phrase(english, chinese).escaped()  # records and schemas hold braces


_CHINESE = {
    "type": "类型应为 {}", "enum": "应为 {} 之一", "const": "应为 {}", "pattern": "与 {} 不匹配", "format": "不符合格式 {}",
    "minLength": "少于 {} 个字符", "maxLength": "多于 {} 个字符", "minItems": "少于 {} 项", "maxItems": "多于 {} 项",
    "minimum": "小于 {}", "maximum": "大于 {}", "exclusiveMinimum": "应大于 {}", "exclusiveMaximum": "应小于 {}",
    "multipleOf": "不是 {} 的倍数", "uniqueItems": "有重复的项", "additionalProperties": "含有 schema 之外的字段",
    "minProperties": "少于 {} 个字段", "maxProperties": "多于 {} 个字段", "contains": "没有符合 {} 的项",
    "anyOf": "不符合其中任何一个 schema", "oneOf": "应恰好符合其中一个 schema", "not": "符合了不允许的 {}", None: "schema 不允许任何值",
    "dependentRequired": "缺少须同时出现的字段", "dependencies": "缺少须同时出现的字段", "unevaluatedProperties": "含有 schema 之外的字段",
}  # fmt: skip
