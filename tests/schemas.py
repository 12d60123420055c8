"""What the readers of machine formats demand, as far as sftlint writes it: every object is closed, so a typing error shows.

After the published formats: SARIF 2.1.0 with what GitHub's code scanning asks beyond it, GitLab's Code Quality report,
reviewdog's DiagnosticResult.
"""

from __future__ import annotations

from typing import Any

TEXT = {"type": "string", "minLength": 1}
COUNT = {"type": "integer", "minimum": 0}
NUMBER = {"type": "integer", "minimum": 1}


def closed(properties: dict[str, Any], *optional: str) -> dict[str, Any]:
    """An object with just these properties, all but the *optional* ones required."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def array(items: Any, **more: Any) -> dict[str, Any]:
    return {"type": "array", "items": items, **more}


# SARIF: a URI is a reference without a scheme, and no longer a path with blanks or backslashes.
URI = {"type": "string", "pattern": r"^(?![a-z]+:)(?!/)([A-Za-z0-9/._~-]|%[0-9A-F]{2})+$"}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
MESSAGE = closed({"text": TEXT, "markdown": TEXT}, "markdown")
SHORT = closed({"text": {**TEXT, "maxLength": 1024}})
REGION = closed(
    {"startLine": NUMBER, "startColumn": NUMBER, "endLine": NUMBER, "endColumn": NUMBER}, "startColumn", "endLine", "endColumn"
)
PHYSICAL = closed({"artifactLocation": closed({"uri": URI}), "region": REGION})
REPLACEMENT = closed({"deletedRegion": REGION, "insertedContent": closed({"text": {"type": "string"}})})
SARIF_RULE = closed(
    {
        "id": {"type": "string", "pattern": "^[a-z]+(-[a-z0-9]+)*$"},
        "name": {**TEXT, "maxLength": 255},
        "shortDescription": SHORT,
        "fullDescription": SHORT,
        "help": closed({"text": TEXT, "markdown": TEXT}),
        "defaultConfiguration": closed({"level": LEVEL}),
        "properties": closed(
            {
                "tags": array(TEXT, maxItems=10, uniqueItems=True),
                "problem.severity": {"enum": ["error", "warning", "recommendation"]},
                "security-severity": {"type": "string", "pattern": r"^\d+\.\d$"},
            },
            "security-severity",
        ),
    }
)
SARIF_RESULT = closed(
    {
        "ruleId": TEXT,
        "ruleIndex": COUNT,
        "level": LEVEL,
        "message": MESSAGE,
        "locations": array(closed({"physicalLocation": PHYSICAL}), minItems=1, maxItems=100),
        "partialFingerprints": closed(
            {"primaryLocationLineHash": {"type": "string", "pattern": "^[0-9a-f]{16}:[1-9][0-9]*$"}}
        ),
        "relatedLocations": array(
            closed({"id": COUNT, "physicalLocation": PHYSICAL, "message": MESSAGE}), minItems=1, maxItems=100, uniqueItems=True
        ),
        "properties": {"type": "object"},
        "fixes": array(
            closed(
                {
                    "description": MESSAGE,
                    "artifactChanges": array(
                        closed({"artifactLocation": closed({"uri": URI}), "replacements": array(REPLACEMENT, minItems=1)}),
                        minItems=1,
                    ),
                }
            ),
            minItems=1,
        ),
    },
    "relatedLocations", "properties", "fixes",
)  # fmt: skip
SARIF = closed(
    {
        "$schema": {"type": "string", "pattern": "sarif-schema-2.1.0.json$"},
        "version": {"const": "2.1.0"},
        "runs": array(
            closed(
                {
                    "tool": closed(
                        {
                            "driver": closed(
                                {
                                    "name": TEXT,
                                    "version": TEXT,
                                    "semanticVersion": TEXT,
                                    "rules": array(SARIF_RULE, uniqueItems=True),
                                }
                            )
                        }
                    ),
                    "columnKind": {"const": "unicodeCodePoints"},
                    "invocations": array(
                        closed(
                            {
                                "executionSuccessful": {"type": "boolean"},
                                "toolExecutionNotifications": array(closed({"level": LEVEL, "message": MESSAGE})),
                            }
                        ),
                        minItems=1,
                    ),
                    "properties": {"type": "object"},
                    "results": array(SARIF_RESULT, maxItems=5000),
                }
            ),
            minItems=1,
            maxItems=1,
        ),
    }
)

GITLAB = array(
    closed(
        {
            "description": TEXT,
            "check_name": TEXT,
            "fingerprint": TEXT,
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": closed({"path": {"type": "string", "pattern": r"^(?!\./)(?!/)."}, "lines": closed({"begin": NUMBER})}),
        }
    )
)

RD_SEVERITY = {"enum": ["UNKNOWN_SEVERITY", "ERROR", "WARNING", "INFO"]}
RD_POSITION = closed({"line": NUMBER, "column": NUMBER}, "column")
RD_LOCATION = closed({"path": TEXT, "range": closed({"start": RD_POSITION, "end": RD_POSITION}, "end")}, "range")
RDJSON = closed(
    {
        "source": closed({"name": TEXT, "url": TEXT}, "url"),
        "severity": RD_SEVERITY,
        "diagnostics": array(
            closed(
                {
                    "message": TEXT,
                    "location": RD_LOCATION,
                    "severity": RD_SEVERITY,
                    "code": closed({"value": TEXT, "url": TEXT}, "url"),
                    "relatedLocations": array(closed({"message": TEXT, "location": RD_LOCATION}, "message")),
                },
                "relatedLocations",
            )
        ),
    }
)

#: The elements of JUnit's XML: the attributes each must and may have, and the elements it may hold.
JUNIT: dict[str, tuple[set[str], set[str], set[str]]] = {
    "testsuites": ({"name", "tests", "failures", "errors", "skipped"}, set(), {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors", "skipped"}, set(), {"testcase"}),
    "testcase": ({"name", "classname"}, {"file", "line"}, {"failure", "skipped"}),
    "failure": ({"message", "type"}, set(), set()),
    "skipped": ({"message"}, set(), set()),
}
