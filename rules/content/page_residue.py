from __future__ import annotations

import re
from collections.abc import Iterator

from sftlint import Answers, Bad, Batch, Finding, Fix, Good, Pattern, Phrase, Record, Rule, chat, drop, place, quote, replace

# What pages show around their texts, a line of its own each. No group and no lookaround: the scanner looks for these too.
_LINES = (
    # chat windows
    r"copy code|复制代码|regenerate(?: response)?|(?:stop|continue) generating|重新生成(?:回答)?|停止生成|继续生成|(?:ChatGPT|You|Claude|Gemini) said:|你说[:：]$|ChatGPT 说[:：]"
    r"|was this response better or worse\?.{0,30}|is this conversation helpful so far\?|thought for (?:\d+s?|a few|a couple of)(?: minutes?,? ?\d*)? ?(?:seconds?)?"
    r"|reasoned (?:for|about).{0,20} seconds?|已?(?:深度)?思考(?:了|完成)?[（( ]{0,2}(?:用时)? ?\d+ ?秒[)）]?|finished browsing|searched \d+ sites|已搜索到? ?\d+ ?个网页"
    r"|ChatGPT can make mistakes\..{0,50}|本?(?:回答|内容)由 ?AI ?生成[，,].{0,20}"
    # forums, comments
    r"|请选择最佳答案|(?:采纳|设)为最佳答案|(?:本|该)?回答(?:由|被).{0,8}(?:推荐|采纳)|你对这个回答的评价是[？?]|已赞过 ?已踩过.{0,20}|\d+ ?人赞同了该回答|赞同 ?\d+ {0,3}.{0,40}|▲ ?赞同.{0,40}"
    r"|添加评论|发表(?:评论|回复)|写(?:回答|评论)|暂无评论|成为第一个评论者|查看(?:全部|更多) ?\d* ?[条个]?(?:评论|回复|回答)|展开全部|显示全部|追[问答]"
    r"|(?:leave|post|add) a (?:comment|reply)|no comments(?: yet)?|\d+ comments?|be the first to (?:comment|review).{0,40}|(?:log|sign) in to (?:reply|comment|post|view|continue).{0,30}"
    r"|you must be logged in to .{0,40}|upvote ?[·|].{0,40}|share ?\| ?(?:edit|improve).{0,60}|view \d+ more (?:comments|replies)|level \d+|report (?:abuse|this post)"
    # articles
    r"|展开(?:全文|阅读全文|剩余.{0,8})|收起(?:全文|回复)?|阅读(?:全文|原文)|查看(?:全文|原文|更多)|点击(?:展开|阅读|加载|查看)(?:更多|全文|全部|原文|大图|详情|剩余).{0,8}|加载(?:更多|中)|返回(?:顶部|首页|列表页?)"
    r"|(?:上|下)一[篇页章][:：].{0,60}|相关(?:阅读|文章|新闻|链接|推荐)|(?:推荐|延伸|热门)(?:阅读|文章)|猜你喜欢|为你推荐|大家都在[看搜]|分享(?:到|至)[:：].{0,30}|点击(?:上方)?蓝字关注.{0,10}"
    r"|(?:微信)?(?:扫一扫|扫码|扫描(?:下方)?二维码|长按(?:识别|扫描)?(?:下方)?二维码)[，,]?(?:关注|分享|下载|添加|加入|阅读|进群).{0,16}|关注我们的(?:社交网络|公众号|微博).{0,10}|【?(?:关闭|打印)(?:窗口|本页)】?"
    r"|[（(]?(?:责任)?(?:责编|编辑)[:：] ?\S{2,10}[)）]?|本文来源[:：].{1,40}|(?:字号|字体)[:： ].{1,12}|[（(]?原标题[:：].{2,60}[)）]?|您的浏览器不支持.{0,20}|广告|本帖最后由.{1,40}编辑|播报 ?编辑|查看我的收藏"
    r"|来源[:：].{2,20} (?:责任)?编辑[:：].{2,10}|(?:【?(?:关闭|打印)(?:窗口|本页)】? ?){2,3}|(?:免责|版权)?声明[:：].{0,40}(?:不代表(?:本[站网刊]|平台).{0,12}|本文为博主原创.{0,60})|维基百科，自由的百科全书"
    r"|from wikipedia, the free encyclopedia|retrieved from \"?https?://.{4,120}|published: \d\d:\d\d .{4,60}|last updated (?:on|at) .{4,40}|posted (?:on|by) .{4,60}|follow us on .{4,40}"
    r"|(?:sign up (?:for|to)|subscribe to) our (?:free )?(?:daily |weekly )?newsletter.{0,40}"
    r"|advertisement|sponsored content|(?:story|article) continues (?:below|after).{0,20}|scroll down for (?:video|more).{0,20}"
    r"|these are external links and will open in a new window|image (?:copyright|caption|source) .{2,80}|media caption .{2,80}|share this(?: (?:page|article|post|story|with|via|on) .{0,40}|:.{0,40})?"
    r"|share on (?:facebook|twitter|linkedin|pinterest|whatsapp).{0,40}|click to share on .{0,60}|tweet this|pin it|read (?:more|the full (?:story|article))(?: here)?|continue reading(?: the main story)?"
    r"|(?:show|see|load|view) (?:more|less)|click (?:here )?to (?:enlarge|expand|see more).{0,20}|(?:filed under|posted in|tagged(?: with)?): ?.{2,60}|you (?:may|might) also like|related (?:articles|posts|stories)"
    r"|(?:previous|next) (?:post|article)(?:: .{2,60})?|back to top|originally answered: .{2,120}|\d+ people (?:like|found) this.{0,20}"
    r"|更多(?:精彩)?(?:内容|资讯|信息|文章|详情)[^\n。]{0,10}(?:关注|点击|访问|登录).{2,30}|本文(?:转载自|摘自|选自|首发于|由.{2,20}(?:整理|发布|原创)).{0,40}|[（(]?(?:图片?|文章|资料)(?:来源|源自)[:：].{2,20}[)）]?"
    r"|作者[:：].{2,12} ?来源[:：].{2,20}|(?:浏览|阅读|点击)(?:次数|量|数)[:：(（] ?\d+.{0,20}|评论 ?[(（]\d+[)）]|\d{1,4} ?楼 .{0,12}\d{4}-\d\d?-\d\d?.{0,20}"
    r"|this (?:content|video|programme) is (?:not|no longer) available.{0,40}|use accessible player.{0,40}|(?:e-?mail|print) (?:this (?:page|article|story)|to a friend).{0,20}"
    r"|like this:(?: like)?(?: loading\.\.\.)?|rate this:|comments off on .{2,60}|contents ?\[hide\]|\(adsbygoogle = .{0,80}|photo by .{2,40} on unsplash"
    r"|click here to (?:get|download|sign up|subscribe|watch) [^.,\n]{2,40}"
    # frames of pages
    r"|skip to (?:main |primary )?(?:content|navigation)|jump to (?:navigation|search|content)(?: jump to search)?|toggle navigation|(?:accept|reject) (?:all )?cookies|(?:we use|this (?:web)?site uses) cookies.{0,160}"
    r"|本网站使用 ?cookies?.{0,80}|(?:home|首页|主页) ?(?:>+|»|›|→) ?.{2,80}|(?:您|你)?(?:现在|当前)?的?(?:所在)?位置[:：] ?(?:首页|主页|网站).{0,80}|(?:please )?(?:enable|turn on) javascript.{0,60}|(?:登录|log ?in) ?[|/｜·] ?(?:注册|sign ?up|register)"
)
# What stands behind a text, in its last line: words of buttons after a finished sentence, and bylines.
_MORE = (
    r"[\[【(（]?(?:展开(?:全文|阅读全文|全部)|阅读全文|查看全文|点击查看(?:更多|全文)|显示全部|(?:望|请|求)采纳(?:哦|啊|，?谢谢)?|continue reading"
    r"|read more ?(?:»|→|\.\.\.|…)|copy code)[\]】)）]?"
)
_BUTTONS = "(?:举报|回复|分享|收藏|点赞|复制|点?踩|关注|转发|重新生成|朗读|reply|share|like|report|tweet|pin|email|follow|copy|regenerate|read aloud)"
_ENDS = (
    r"[（(](?:责任编辑|责编|编辑|原标题)[:：/ ][^()（）\n]{2,40}[)）]|责任编辑[:：] ?\S{2,8}|(?:编辑|发布)于 ?\d{4}-\d\d?-\d\d?.{0,24}|本文来源[:： ][^。\n]{2,40}"
    r"|[\[［](?:编辑|編輯|edit)(?: ?\| ?(?:编辑源代码|edit source))?[\]］]|编辑本段|X Research source|\b(?:watch|see|read|hear) [a-z][^\n.]{4,80} »|[（(](?:[接转续]?下|接上|续上)[一]?[页頁][)）]|[(\[](?:continued|cont['’]?d\.?) (?:on|from) (?:the )?(?:next|previous) page[)\]]|(?:media|video) playback is (?:not supported|unsupported) on (?:this|your) device"
)
_ROW = rf"{_BUTTONS}(?:[ \t\n|·]{{1,4}}{_BUTTONS}){{1,8}}"
# The whole of an answer.
_WHOLES = (
    r"(?:该|此|本)(?:回答|内容|帖子?|评论|楼层?|文章)(?:已|已经)?(?:被|因)?.{0,12}(?:删除|屏蔽|折叠|隐藏|不存在)|\[(?:deleted|removed)\]|this (?:post|comment|answer|content) (?:has been|was|is no longer) .{3,40}"
    r"|(?:请|需要?)?(?:先)?(?:登录|注册|回复)(?:后|才)?(?:可见|查看|可以?查看).{0,10}|游客，.{4,40}|access denied|just a moment\.\.\.|loading\.\.\.|page not found|您访问的页面不存在.{0,10}|(?:该?问题)?已(?:解决|关闭|采纳|结[帖贴])|结[帖贴]|顶一?下?"
)
_COUNT = r"\d{1,2}[ \u00a0\u2002-\u200b\u202f\u3000]{0,2}[/／][ \u00a0\u2002-\u200b\u202f\u3000]{0,2}\d{1,2}"
_BEFORE, _AFTER = r"^[ \t\u3000\u200b>【\[(（]*", r"[ \t\u3000\u200b.。:：»›>→∨▼↓|…)）\]】]*$"


class PageResidue(Rule):
    """Text of a page's or a chat window's controls, copied with the data.

    The model learns to write "Copy code", "Read more" or "1 / 1" into its answers. The text was copied off the screen, or the
    scraper took the page for the text.

    Reported are buttons, counters, bylines, adverts, cookie banners, navigation and the widgets of forums as a line of their own or behind the
    last sentence; the counter of a chat window (`2 / 2`) behind a turn; and answers that are nothing else. In a question that holds
    a longer page it is a note.

    Not reported: code and HTML, quotations, and records that speak of pages, buttons or translation; a line with such words that
    stands in many answers is `recurring-line`.

    Fix safety: the lines are cut, or the record dropped where nothing else is there. They may have been meant, so the fix is unsafe.
    """

    zh = """混入数据的网页或聊天窗口的控件文字。

    模型会学着在回答里写“复制代码”“阅读全文”“1 / 1”。文字是从屏幕上整段复制的，或者抓取程序把页面元素当成了正文。

    报告的是：独占一行或跟在最后一句后面的按钮、计数、署名、广告、cookie 提示、导航和论坛控件；轮次末尾的聊天窗口页码（`2 / 2`）；以及除此之外什么都没有的回答。出现在含有较长网页的提问中时只作提示。

    不报告：代码和 HTML，引号中的文字，谈论网页、按钮或翻译的数据；在许多回答中反复出现的此类行由 `recurring-line` 报告。

    修复安全性：删去这些行；没有其他内容时删除整条。它们也可能是任务要求的内容，因此属于不安全修复。
    """
    message = Phrase(en="{field} holds text of a page's controls: {what}", zh="{field} 含有页面控件的文字：{what}")
    message_whole = Phrase(en="{field} is only text of a page's controls: {what}", zh="{field} 只有页面控件的文字：{what}")
    suggestion = Phrase(en="cut it, or drop the record", zh="删去这些文字，或删除该条")
    learns = (Answers,)
    yields_to = ("recurring-line", "placeholder-text", "speaker-label")

    good = [
        Good(
            chat("ChatGPT 的网页上有哪些按钮？", "常见的有：\n复制代码\n重新生成"),
            chat("How do I see the whole post?", "Press “Read more” below it."),
            chat("What changed?", "- The parser was raised to the stricter\n  level 10.\n- Tests were added."),
            chat("Say it in brief.", "```jsx\nconst label =\nSkip to main content\n```"),
        ),
        Good(
            chat("三分之一加三分之二等于多少？写成 3/3", "1，也就是 3/3"),
            chat("What is left of 7/7 after 3/7?", "4/7"),
            chat("这首曲子是几拍子的？", "这首曲子是四拍子，谱号后面写着 4/4"),
            chat("翻译成中文：Read more", "阅读全文"),
        ),
    ]
    bad = [
        Bad(
            chat("塞纳河流经哪些城市？1 / 1", "特鲁瓦、巴黎、鲁昂和勒阿弗尔。"),
            fixed=[chat("塞纳河流经哪些城市？", "特鲁瓦、巴黎、鲁昂和勒阿弗尔。")],
        ),
        Bad(chat("网格怎么自动换行？", "请选择最佳答案"), fixed=[]),
        Bad(
            chat("怎么列出文件？", "运行下面的命令。\n\nbash\n复制代码\nls -l\n\n它会列出权限和大小。"),
            fixed=[chat("怎么列出文件？", "运行下面的命令。\n\nbash\nls -l\n\n它会列出权限和大小。")],
        ),
        Bad(
            chat("Who won the boat race?", "Oxford won by two lengths.\n\nShare this with Email Facebook\nAdvertisement"),
            fixed=[chat("Who won the boat race?", "Oxford won by two lengths.")],
        ),
        Bad(
            chat("写一句生日祝福。", "愿你的每一天都有人惦记！\n\n复制 重新生成 点赞 踩"),
            chat("How is the tent set up?", "Lay the groundsheet flat and peg the corners. (continued on next page)"),
            at=(0, 1),
            fixed=[
                chat("写一句生日祝福。", "愿你的每一天都有人惦记！"),
                chat("How is the tent set up?", "Lay the groundsheet flat and peg the corners."),
            ],
        ),
        Bad(
            chat("桥什么时候通车？", "大桥将于下月通车，届时两岸往来只需五分钟。（责编：林禾）"),
            fixed=[chat("桥什么时候通车？", "大桥将于下月通车，届时两岸往来只需五分钟。")],
        ),
        Bad(
            chat("Put it shortly:\nMedia playback is not supported on this device\nThe lighthouse is to be sold.", "It is for sale."),
            fixed=[chat("Put it shortly:\nThe lighthouse is to be sold.", "It is for sale.")],
        ),
    ]

    line = Pattern(f"{_BEFORE}(?:{_LINES}){_AFTER}", scan=_LINES, ignore_case=True)
    end = Pattern(
        rf"(?:{_ENDS}|(?<=…|\.\.\.|[。！？!?.] ?)(?:{_MORE})|(?<=[。！？!?.”\"]\s{{0,3}}\n\s{{0,3}})(?:{_ROW})(?=\s*\Z))[ \t.。!！→»…]*$",
        scan=f"{_ENDS}|{_MORE}|{_ROW}",
        ignore_case=True,
    )
    whole = Pattern(rf"\A\W*(?:{_WHOLES})\W*\Z", scan=rf"^\W{{0,9}}(?:{_WHOLES})\W{{0,9}}$", ignore_case=True)
    counter = Pattern(rf"(?<![\w/.,:=+*×÷^<>-])(?<!\d )({_COUNT})\s*\Z", scan=rf"{_COUNT}\s*$")

    def check(self, batch: Batch) -> Iterator[Finding]:
        found: dict[tuple[int, int], tuple[Record, list[tuple[int, int]]]] = {}
        for pattern in (self.line, self.end):
            for record, part, text in batch.texts.holding(pattern):
                if record.sound and part not in record.layout.asides:
                    fenced = "```" in text
                    spans = [hit.span() for hit in pattern.regex.finditer(text) if not _shown(text, hit.start(), hit.end(), fenced)]
                    found.setdefault((record.id, part), (record, []))[1].extend(spans)
        for (_, part), (record, spans) in found.items():
            if spans and not _spoken_of(record, part) and not self._label(batch, record, record.texts[part]):
                yield self._found(record, part, _merged(record.texts[part], sorted(spans)))
        for record, part, text in batch.answers.holding(self.whole):
            if self.whole.regex.match(text) and (record.id, part) not in found and not self._label(batch, record, text):
                yield self._found(record, part, [(0, len(text))])
        for record, part, text in batch.texts.holding(self.counter):
            if record.sound and (hit := self.counter.regex.search(text)) and _counts(record, part, text, hit):
                yield self._found(record, part, [hit.span()])

    def _label(self, batch: Batch, record: Record, text: str) -> bool:
        """Whether *text* is an answer that the set or the question offers."""
        labels: Answers = batch.learned[Answers]
        bare = text.strip(" \n.。")
        return len(bare) <= SHORT and (labels.is_label(text) or bare in "".join(record.texts[:-1]))

    def _found(self, record: Record, part: int, spans: list[tuple[int, int]]) -> Finding:
        text = record.texts[part]
        left = sum(stop - start for start, stop in spans) < len(text.strip())
        layout = record.layout
        answer = part in layout.answers
        if left:
            fix = Fix.of(*(replace(place(record, part, *_line_of(text, *span)), "") for span in spans), safe=False)
        else:
            fix = Fix.of(drop(record), safe=False)
        weak = not answer and len(text) > LONG and not _CHAT.search(text[slice(*spans[0])])
        what = f"“{quote(text[slice(*spans[0])].strip(), 40)}”"
        kind = "message" if left else "message_whole"
        return self.finding(place(record, part, *spans[0]), kind=kind, severity="info" if weak else None, fix=fix, what=what)


SHORT = 12  # characters of a label
SEEN = 200  # characters around a line that tell whether it is code
NEAR = 40  # texts before an answer that may tell what it is about, besides the first ones
LONG = 1500  # characters of a question that may well be a page someone wants to have read


def _line_of(text: str, start: int, stop: int) -> tuple[int, int]:
    """The span with the break before it, or behind it where it opens the text."""
    before = start
    while before and text[before - 1].isspace():
        before -= 1
    return (before, stop) if before else (0, stop + len(text[stop:]) - len(text[stop:].lstrip()))


def _merged(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sorted spans, those that overlap or follow each other at once as one."""
    merged: list[tuple[int, int]] = []
    for start, stop in spans:
        if merged and not text[merged[-1][1] : start].strip():
            start, before = merged.pop()
            stop = max(stop, before)
        merged.append((start, stop))
    return merged


def _shown(text: str, start: int, stop: int, fenced: bool) -> bool:
    """Whether what stands there is code or a quotation, and no residue."""
    if fenced and text.count("```", 0, start) % 2 and not _BUTTON.search(text[start:stop]):
        return True
    if text[start:stop].lstrip()[:1].islower() and _WRAPPED.search(text, max(start - SEEN, 0), start) and not _BUTTON.search(text[start:stop]):
        return True  # the rest of a sentence
    begin = max(start - SEEN, 0)
    around = text[text.rfind("\n", begin, max(start - 1, 0)) + 1 or begin : start], text[stop : stop + SEEN].lstrip("\n").split("\n", 1)[0]
    return bool(_TAG.search(around[0]) or _TAG.match(around[1]) or around[0][-1:] in _QUOTES)


def _spoken_of(record: Record, part: int) -> bool:
    """Whether the record is about pages, or the words are to be translated."""
    layout = record.layout
    if part in layout.answers:
        near = {*layout.texts[:2], *layout.texts[max(part - NEAR, 0) : part]}  # of a dialogue of a thousand turns
        asked = "\n".join(record.texts[i] for i in sorted(near) if i < part and layout.roles[layout.turns[i]] != "assistant")
        return bool(_PAGES.search(asked))
    return bool(_STRINGS.search(record.texts[part]))


def _counts(record: Record, part: int, text: str, hit: re.Match[str]) -> bool:
    """Whether a fraction at the end is the counter of a chat window: which of how many versions of a message was shown."""
    one, two = map(int, _NUMBER.findall(hit[0]))
    before = text[: hit.start()].rstrip(" \t\u00a0\u2002\u2003\u2009\u200a\u200b\u202f\u3000")
    asked = record.texts[part - 1] if part and part in record.layout.answers else ""
    rest = f"{asked}\n{before}"
    if not before or not 1 <= one <= two or part in record.layout.asides or _SUM.search(rest):
        return False
    ended = before[-1] in "\n。！？!?….”\"’）)】]~～" and not before[-2:-1].isdigit()
    return ended or (one == two and part not in record.layout.answers and "\u4e00" <= before[-1] <= "\u9fff")


_NUMBER = re.compile(r"\d+")
_CHAT = re.compile(r"copy code|复制代码|regenerate|重新生成|said:|\A\s*\d+\W+\d+\s*\Z", re.I)
_BUTTON = re.compile(r"copy code|复制代码", re.I)
#: A line that breaks off inside a sentence, and the blanks of the next.
_WRAPPED = re.compile(r"[a-z]{2,}[ ][^\n]*[a-z,]\n[ \t]*\Z")
_TAG = re.compile(r"</?[a-zA-Z][^>]*>?\s*$|^\s*</?[a-zA-Z]")
_QUOTES = frozenset("“‘「『\"'`《")
_PAGES = re.compile(
    r"网页|页面|网站|按钮|界面|论坛|爬虫|前端|控件|插件|浏览器|知乎|贴吧|翻译|小程序|弹窗|导航|公众号|微博|文案|新闻|报道|"
    r"\b(?:html|css|ui|ux|buttons?|web ?pages?|web ?sites?|pages?|interface|scrap\w+|crawl\w+|browser|banner|navigation|translat\w+|menu|widgets?|screen|newsletter|blog|app)\b",
    re.I,
)
_STRINGS = re.compile(r"翻译|按钮|界面|网页元素|爬虫|HTML|translat|\bbuttons?\b|\bUI\b|interface|widget|<\w+[ >]", re.I)
#: Of numbers, scores and dates.
_SUM = re.compile(
    r"\d\s?[/／]\s?\d|^>>> |分[数之母子]|比[例分率]|[评打满得]分|概率|拍[子号]?|日期|计算|等于|公式|"
    r"\b(?:scores?|rat(?:e|ed|ing|io)s?|fractions?|probabilit\w+|dates?|calculate|evaluate|expression|equals?|signature|divid\w+)\b",
    re.I | re.M,
)
