"""The page to sign a dataset off with: what it holds, that data can do nothing in it, and how it works in a browser."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import pytest

from sftlint.config import Config
from sftlint.learn import Learned
from sftlint.report import Accepted
from tests.browser import PROGRAM, Browser, browser
from tests.helpers import check, files_of, jsonl, line, put, run, written

BELL = "\x07"
VOID = {"meta", "input", "br", "rect", "line"}
#: Sets the title of the page if it runs, in any of the ways that a payload might.
RUNS = "document.title='pwned'"
ATTACKS = (
    f"<script>{RUNS}</script>", f"<img src=x onerror=\"{RUNS}\">", f"</pre></script></style><svg onload={RUNS}>",
    f"\" autofocus onfocus=\"{RUNS}\" x=\"", f"<a href='javascript:{RUNS}'>x</a>", "{{ 7*7 }}{% include 'page.js' %}", "<!--", "]]>",
)  # fmt: skip


class Page(HTMLParser):
    """The elements of a page, and its text outside of style and script."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text, self.raw = "", {"style": "", "script": ""}
        self.feed(text)
        assert self.open == [], "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert tag in VOID or self.open.pop() == tag, tag

    def handle_data(self, data: str) -> None:
        inside = self.open[-1] if self.open else ""
        if inside in self.raw:
            self.raw[inside] += data
        else:
            self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def data() -> dict[str, bytes]:
    """A dataset with 250 control characters in 2,000 records, some empty answers, copies, and every attack."""
    lines = [line(f"第 {n} 个问题？", "回答" + BELL * (n < 250) + f"第 {n} 号。") for n in range(1900)]
    lines += [line(f"Empty {n}", "") for n in range(7)] + [line("Twice", "The same again.")] * 3
    attacked = [{"context": [attack], "target": f"{attack}\x07\n\n{attack}"} for attack in ATTACKS]
    return {
        "train.jsonl": jsonl(*map(json.dumps, attacked), *lines),
        "<b>&amp;.jsonl": jsonl(line("Hi", "Hello there.")),
    }


SELECT = ("control-character", "empty-target", "exact-duplicate", "unknown-field")


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    with files_of(data()) as names:
        result = run(names, Config(select=SELECT, rule={"control-character": {"severity": "warning"}}))
        accepted = [Accepted("empty-target", 2, reason) for reason in ("the model must learn silence", ATTACKS[0])]
        return {lang: written(result, "html", lang=lang, accepted=accepted) for lang in ("en", "zh")}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_stands_alone_and_only_its_own_script_may_run(lang: str, pages: dict[str, str]) -> None:
    page = Page(pages[lang])
    assert len(page.all("script")) == len(page.all("style")) == 1 and page.all("script") == [{}]
    policy = next(meta["content"] or "" for meta in page.all("meta") if meta.get("http-equiv"))
    for tag in ("script", "style"):
        digest = base64.b64encode(hashlib.sha256(page.raw[tag].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none';")
    for tag, attributes in page.tags:
        assert not {name for name in attributes if name.startswith("on")} | ({"src", "style", "srcset"} & set(attributes)), tag
        assert attributes.get("href") in (None, "#findings")
    assert "://" not in page.raw["style"] + page.raw["script"] and "@import" not in page.raw["style"]
    assert {tag for tag, _ in page.tags}.isdisjoint({"img", "iframe", "object", "base", "form", "embed", "b-", "link"})


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_attacks_are_text(lang: str, pages: dict[str, str]) -> None:
    page = Page(pages[lang])
    for attack in ATTACKS:
        assert attack in page.text
    assert "<b>&amp;.jsonl" in page.text


def test_what_the_page_says(pages: dict[str, str]) -> None:
    english, chinese = Page(pages["en"]), Page(pages["zh"])
    for said in (
        "FAIL",
        "7 errors",
        "The model learns",
        "the model must learn silence",
        "Why it matters",
        "What was not checked",
        "estimated from",
    ):
        assert said in english.text, said
    for said in ("未通过", "7 个错误", "为什么重要", "未检查的内容", "记录有多长？", "签字"):
        assert said in chinese.text, said
    assert not re.search(
        "[\u4e00-\u9fff]", re.sub(r"(?s)<pre>.*?</pre>|<p>.*?</p>", "", pages["en"].split("</style>")[1].split("<script>")[0])
    ), "no Chinese"
    with files_of(data()):
        for name in data():
            assert hashlib.sha256(Path(name).read_bytes()).hexdigest() in english.text


def test_at_most_200_findings_of_a_rule(pages: dict[str, str]) -> None:
    page = Page(pages["en"])
    total = 250 + 2 * len(ATTACKS)
    shown = re.search(r"The first 200 of (\d+) findings are shown", page.text)
    assert shown and 250 < int(shown[1]) <= total
    rules = {section["data-rule"] for section in page.all("details")}
    assert rules == {"control-character", "empty-target", "exact-duplicate"}


def test_the_verdict_is_that_of_the_exit_code(folder: Path) -> None:
    put({"a.jsonl": jsonl(line("Hi", "Hello\x07"), line("Ho", "Hello"))})
    for fail_on, code, word in (("warning", 1, "FAIL"), ("error", 0, "PASS")):
        said = check("a.jsonl", "--isolated", "--select=control-character", "--output-format=html", f"--fail-on={fail_on}")
        assert said.code == code and f'<strong id="verdict">{word}</strong>' in said.out
    said = check("a.jsonl", "--isolated", "--select=empty-target", "--output-format=html", "-o", "report.html")
    assert (said.code, said.out) == (0, "") and "PASS" in Path("report.html").read_text("utf-8")
    put({"empty.jsonl": b""})
    assert "0 records" in check("empty.jsonl", "--isolated", "--output-format=html").out


def test_the_hash_of_the_configuration_is_that_of_what_decides(folder: Path) -> None:
    def configuration(*options: str) -> str:
        page = Page(check(*options, "--output-format=html").out)
        return str(re.findall(r"[0-9a-f]{64}", page.text)[-1])

    put(
        {
            "a.jsonl": jsonl(line("Hi", "Hello")),
            "b/a.jsonl": jsonl(line("Hi", "Hello")),
            "schema.json": b"{}",
            "b/schema.json": b"{}",
        }
    )
    plain = configuration("a.jsonl")
    assert configuration("b/a.jsonl", "--lang=zh", "--jobs=2") == plain
    schema = configuration("a.jsonl", "--schema=schema.json")
    assert configuration("a.jsonl", "--schema=b/schema.json") == schema != plain
    assert (
        len({plain, schema, configuration("a.jsonl", "--ignore=empty-target"), configuration("a.jsonl", "--fail-on=error")}) == 4
    )


class Template(NamedTuple):
    outline: str
    records: int


class Templates(Learned):
    """What another rule learned of prompts."""

    records = 60
    templates = (Template("Summarise:\n…", 10), Template(f"Translate {ATTACKS[0]} " + "x" * 90, 40))


def test_templates_and_the_limit_are_drawn_where_they_are_known(folder: Path) -> None:
    put({"a.jsonl": jsonl(*(line(f"Hi {n}", "word " * n) for n in range(1, 400)))})
    result = run(["a.jsonl"], Config(select=("empty-target",)))
    assert (
        " over " not in (whole := written(result, "html"))
        and "; every record was judged" in whole
        and "Which tasks" not in written(result, "html")
    )
    result.setup.learned[Templates] = Templates()
    vars(result.setup.config)["max_tokens"] = 100
    page = Page(written(result, "html"))
    assert "over the limit of 100" in page.text and {"bar", "over"} <= {rect.get("class") for rect in page.all("rect")}
    assert "About 2 templates for 83.3 % of the prompts" in page.text and "Summarise: …" in page.text
    assert page.text.index("Translate <script>") < page.text.index("Summarise")
    assert "Summarise" not in written(result, "html", text=False)


# In a browser.


@pytest.fixture(scope="module")
def page(pages: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Browser, Path]]:
    if PROGRAM is None:
        pytest.skip("no Chromium here (apt-get install chromium)")
    folder = tmp_path_factory.mktemp("page")
    for lang, text in pages.items():
        (folder / f"{lang}.html").write_text(text, "utf-8")
    with browser(folder / "profile") as made:
        yield made, folder


def shown(made: Browser) -> int:
    """How many findings are on the page, by the elements and by what it says of them."""
    count = int(
        made.run("[...document.querySelectorAll('.finding')].filter(f => !f.hidden && !f.closest('details').hidden).length")
    )
    said = re.findall(r"\d+", made.run("document.getElementById('shown').textContent"))
    assert int(said[0]) == count
    return count


def type_in(made: Browser, text: str) -> None:
    made.run(f"search.value = {text!r}; search.dispatchEvent(new Event('input')); null")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_opens_from_a_file_and_nothing_of_the_data_runs(lang: str, page: tuple[Browser, Path]) -> None:
    made, folder = page
    made.open(folder / f"{lang}.html")
    made.run("document.getElementById('all').click()")
    assert "pwned" not in made.run("document.title") and made.run("document.scripts.length") == 1
    loaded = [event["params"]["request"]["url"] for event in made.said if event["method"] == "Network.requestWillBeSent"]
    assert all(url.startswith("file://") and url.endswith(f"{lang}.html") for url in loaded)
    assert not [event for event in made.said if event["method"] in ("Runtime.exceptionThrown", "Log.entryAdded")]
    assert made.run("getComputedStyle(document.body).maxWidth") is not None and made.run("document.styleSheets.length") == 1
    # Even markup that got past the escaping would not run.
    made.run("document.body.insertAdjacentHTML('beforeend', \"<img src=x onerror=document.title='pwned'>\")")
    made.run("{const s = document.createElement('script'); s.textContent = \"document.title='pwned'\"; document.body.append(s)}")
    made.run("new Promise(done => setTimeout(done, 200))")
    assert "pwned" not in made.run("document.title")


def test_it_filters_and_counts(page: tuple[Browser, Path]) -> None:
    made, folder = page
    made.open(folder / "en.html")
    every = shown(made)
    empty, copies = 7, 2
    assert every == made.run("document.querySelectorAll('.finding').length") == 200 + empty + copies
    made.run("document.querySelector('input[value=warning]').click()")
    assert shown(made) == empty
    made.run("document.querySelector('input[value=error]').click()")
    assert shown(made) == 0 and made.run("!document.getElementById('none').hidden")
    made.run("document.querySelectorAll('input[name=level]').forEach(box => box.checked || box.click())")
    made.run(
        "{const rule = document.getElementById('rule'); rule.value = 'exact-duplicate'; rule.dispatchEvent(new Event('change'))}"
    )
    assert shown(made) == copies
    made.run("{const rule = document.getElementById('rule'); rule.value = ''; rule.dispatchEvent(new Event('change'))}")
    type_in(made, "第 17 号")
    assert shown(made) == 1 and made.run("document.querySelector('[data-rule=control-character]').open")
    type_in(made, "EXACT-DUP")
    assert shown(made) == copies
    type_in(made, "<script>no such")
    assert shown(made) == 0
    type_in(made, "")
    assert shown(made) == every
    counts = made.run("[...document.querySelectorAll('.levels b')].map(b => b.textContent)")
    assert counts[0] == str(empty) and int(counts[1]) > 250
    found = empty + int(counts[1])
    assert made.run("document.getElementById('shown').textContent") == f"{every} of {every} shown; {found} found"
    assert made.run("document.querySelector('details.rule').open"), "a short first section is open"


def test_it_is_used_by_keyboard_in_light_and_dark(page: tuple[Browser, Path]) -> None:
    made, folder = page
    made.open(folder / "en.html")
    made.picture(folder / "light.png")
    light = made.run("getComputedStyle(document.body).backgroundColor")
    made.press("t")
    assert made.run("getComputedStyle(document.body).backgroundColor") != light
    made.press("t")
    assert made.run("getComputedStyle(document.body).backgroundColor") == light
    made.picture(folder / "dark.png", dark=True)
    made.press("t")
    made.press("/")
    assert made.run("document.activeElement.id") == "search"
    made.press("Escape")
    for key in ("j", "j", "j", "k"):
        made.press(key)
    assert made.run("[...document.querySelectorAll('.finding')].indexOf(document.activeElement)") == 1
    made.run("document.getElementById('all').click()")
    assert made.run("[...document.querySelectorAll('details')].every(d => d.open)")
    assert made.run("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), "nothing sticks out"
    made("Emulation.setDeviceMetricsOverride", width=400, height=800, deviceScaleFactor=1, mobile=False)
    assert made.run("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), "nor on a telephone"
