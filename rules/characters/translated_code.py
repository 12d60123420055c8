from __future__ import annotations

import re
from collections.abc import Iterator

from sftlint import Bad, Batch, Finding, Good, Pattern, Phrase, Record, Rule, chat, place, quote

_OPEN, _CLOSE = "[(（]", "[)）]"
_END = r"[;；]?[ \t]*$"
_NAME = r"[\w.]+"
_TAG = "头|头部|头像|正文|主体|身体|标题|标题1|脚本|样式|段落|表格|链接|按钮|表单|列表|无序列表|分区|区块|跨度|图像|页脚|导航|中心|强|强调|换行"
#: Lines that no program has, and that no one writes but a translator.
_SURE = (
    rf"^[ \t]*(?:异步[ \t]*)?(?:定义|函数)[ \t]*\w*[ \t]*{_OPEN}[^()（）。\n]{{0,60}}{_CLOSE}[ \t]*(?:[:：][ \t]*$|[{{｛])",
    r"^[ \t]*(?:async[ \t]+)?(?:def|function)[ \t]+\w+[ \t]*（[^()（）。\n]{0,60}）[ \t]*[:：{｛]",
    r"^[ \t]*[a-zA-Z_\u4e00-\u9fff][\w.]{0,30}（[^（）。\n]{0,60}）[;；][ \t]*$",
    rf"^[ \t]*打印[ \t]*{_OPEN}[^()（）\n]{{1,80}}(?:{_OPEN}[^()（）\n]*{_CLOSE}[^()（）\n]*)?{_CLOSE}{_END}",
    rf"^[ \t]*(?:导入|进口|引进)[ \t]+[a-zA-Z_][\w.]*(?:[ \t]+(?:作为|为|as)[ \t]+\w+)?{_END}",
    r"^[ \t]*(?:从|来自)[ \t]*[a-zA-Z_][\w.]*[ \t]*(?:导入|进口|import)[ \t]*[\w*]",
    r"^[ \t]*(?:从|来自)[ \t]*\w{1,20}[ \t]*(?:导入|进口)[ \t]*[a-zA-Z_][\w, ]*$",
    rf"^[ \t]*返回[ \t]*(?:(?:[\w.]+[ \t]*{_OPEN}[^()（）。\n]*{_CLOSE}[ \t]*(?:[-+*/%][ \t]*[\w.]+.*)?)|[a-zA-Z_]\w*[ \t]*[-+*/%<>=]+[ \t]*\w+|[a-zA-Z_]\w*|真|假|无|正确|错误){_END}",
    rf"^[ \t]*(?:对于|为|因为|为了)[ \t]*(?:[\w]{{1,12}}[ \t]*在[ \t]*(?:范围)?[ \t]*{_NAME}?|范围)[ \t]*(?:{_OPEN}[^。\n]{{0,40}}{_CLOSE})?(?:[ \t]*中的?[ \t]*\w{{1,12}})?[ \t]*[:：][ \t]*$",
    rf"^[ \t]*(?:如果|否则如果|当|而|虽然|同时)[ \t]*{_OPEN}?[ \t]*(?:[a-zA-Z_][\w.]*|[\u4e00-\u9fff]{{1,6}})(?:[ \t]*[(（\[【][^。\n]{{0,30}}[)）\]】])*[ \t]*(?:[<>]=?|[=!＝！]{{1,2}}[=＝]|%)[^，。\n]{{1,60}}[:：{{｛][ \t]*$",
    r"^[ \t]*(?:公共|公开|私有|私人|受保护的?|公众)[ \t]*(?:静态[ \t]*)?(?:类|空|无效|虚空|整数|字符串|void|class|int|String)[ \t]*[^。\n]{0,60}[({（｛][^。\n]{0,40}$",
    r"(?:控制台|console)[ \t]*[.。][ \t]*日志[ \t]*[(（]|^[ \t]*系统\.出\.|System\.out\.打印|cout[ \t]*<<[ \t]*“|^[ \t]*#[ \t]*包括[ \t]*<|^[ \t]*使用命名空间\b|\b自我\.\w",
    r"^[ \t]*(?:让|变量|常量)[ \t]+[\w]{1,20}[ \t]*=[ \t]*[^，。\n]{1,80}[;；][ \t]*$",
    r"^[ \t]*选择[ \t]+(?:\*|[\w, ]{1,40})[ \t]+(?:从|来自|FROM)[ \t]+\w+|^[ \t]*(?:插入(?:[ \t]*(?:到|INTO))?|INSERT INTO(?=[^\n]*值))[ \t]+\w+[ \t]*[(（][^\n]*[)）]\s*(?:值|VALUES)[ \t]*[(（]",
    rf"</[ \t]*(?:{_TAG})[ \t]*>",
)
#: Lines that pseudocode has as well.
_WEAK = r"^[ \t]*(?:否则|别的|其他|其它|尝试|除了|最后|继续|休息|中断|打破|通过)[ \t]*(?:[:：{｛][ \t]*$|[;；][ \t]*$)|^[ \t]*(?:返回|打印)[ \t]*\w+[;；]?[ \t]*$|[)）][ \t]*：[ \t]*$"


class TranslatedCode(Rule):
    """Code whose words were translated into Chinese along with the text around it.

    It runs nowhere, and the model learns to write such code. `定义均值（lst）：` was `def mean(lst):` before a machine translated
    the answer.

    Reported are answers with two lines of translated keywords, or one where code was asked for or stands beside it.

    Not reported: pseudocode, languages with Chinese keywords (易语言, 文言, Scratch), comments, strings and names in Chinese, and
    answers that speak of the keywords.
    """

    zh = """代码中的关键字连同正文一起被翻译成了中文。

    这样的代码无法运行，模型还会学着这样写。`定义均值（lst）：` 在机器翻译之前是 `def mean(lst):`。

    报告的是：含有两行译成中文的关键字，或有一行且伴有代码、或提问要求写代码的回答。

    不报告：伪代码，使用中文关键字的语言（易语言、文言、Scratch），中文的注释、字符串和变量名，以及讨论这些关键字的回答。
    """
    message = Phrase(
        en="{field} has code whose keywords were translated: {what}", zh="{field} 的代码关键字被翻译成了中文：{what}"
    )
    suggestion = Phrase(en="restore the code from the original, or drop the record", zh="从原文恢复代码，或删除该记录")
    yields_to = ("html-residue",)

    good = [
        Good(
            chat("写一个求和函数", "def total(数列):\n    # 返回总和\n    return sum(数列)\nprint(“合计”)"),
            chat("用伪代码描述冒泡排序", "如果 a > b：\n    交换\n否则：\n    继续\n返回 a"),
            chat("怎么退货？", "1. 打印（A4纸）退货单\n2. 如果超过七天：\n联系客服。\n返回柜台"),
        ),
        Good(chat("翻译这条 Java 程序的提示：\nPrinting (Paused)", "打印 (已暂停)")),
        Good(chat("怎么插入一行？", "INSERT INTO users (name, pet) VALUES ('小林', '猫');")),
        Good(chat("Python 的 def 是什么意思？", "def 用来定义函数，例如 `定义 f(x):` 是不行的。")),
    ]
    bad = [
        Bad(chat("生成用于计算列表均值的函数。", "定义均值（lst）：\n    返回总和（lst）/ len（lst）")),
        Bad(chat("写一段打印偶数的代码。", "对于 i 在范围（10）：\n    如果 i % 2 == 0：\n        打印（i）")),
        Bad(chat("做一个简单的网页。", "<html>\n<头>\n<标题>花店</标题>\n</头>\n<正文>\n欢迎光临\n</正文>\n</html>")),
        Bad(
            chat(
                "画一条正弦曲线。",
                "导入 numpy 作为 np\n导入 matplotlib.pyplot 作为 plt\nx = np.linspace(0, 6)\nplt.plot(x, np.sin(x))",
            )
        ),
    ]

    line = Pattern(
        "|".join(f"(?:{one})" for one in _SURE),
        scan=r"^[ \t]*(?:异步[ \t]*)?(?:定义|函数)[^\n。]{0,80}[)）][ \t]*[:：{｛]|(?:def|function)[ \t]+[^\n。（]{1,40}（|）[;；]|^[ \t]*打印[ \t]*[(（]|^[ \t]*(?:导入|进口|引进)[ \t]+[a-zA-Z_]|^[ \t]*(?:从|来自)[^\n。，]{1,30}(?:导入|进口|import)"
        r"|^[ \t]*返回[ \t]*(?:[a-zA-Z_]|真|假|无|正确|错误)|^[ \t]*返回[^\n。，]{1,20}[(（]|^[ \t]*(?:对于|为|因为|为了)[^\n。，]{1,60}[:：][ \t]*$|^[ \t]*(?:如果|否则如果|当|而|虽然|同时)[^\n。，]{0,40}[<>=!＝！%]"
        r"|^[ \t]*(?:公共|公开|私有|私人|受保护|公众)[ \t]*(?:的?静态|类|空|无效|虚空|整数|字符串|void|class|int|String)|台[ \t]*[.。][ \t]*日志|系统\.出|System\.out\.打印|cout[ \t]*<<[ \t]*“|#[ \t]*包括[ \t]*<|使用命名空间|自我\."
        rf"|^[ \t]*(?:让|变量|常量)[ \t]+[^\n]{{1,30}}=|^[ \t]*选择[ \t]+[^\n]{{1,40}}(?:从|来自|FROM)|^[ \t]*(?:插入|INSERT)|</[ \t]*(?:{_TAG})[ \t]*>",
    )

    def check(self, batch: Batch) -> Iterator[Finding]:
        for record, part, text in batch.answers.holding(self.line):
            hits = list(self.line.regex.finditer(text))
            if not hits or _explained(record, part, text):
                continue
            weak = sum(not any(hit.start() <= found.start() <= hit.end() for hit in hits) for found in _MORE.finditer(text))
            sure = len(hits) + min(weak, 1) >= 2 or _CODE.search(text) or _WANTED.search(_asked(record, part))
            if sure:
                yield self.finding(place(record, part, *hits[0].span()), what=quote(hits[0][0].strip()))


def _asked(record: Record, part: int) -> str:
    layout = record.layout
    return "\n".join(record.texts[i] for i in layout.texts if layout.turns[i] < layout.turns[part])


def _explained(record: Record, part: int, text: str) -> bool:
    asked, last = _asked(record, part), record.texts[part - 1] if part else ""
    if _TRANSLATE.search(last) and not (_CODE.search(last) or _CALL.search(last)):
        return True  # what was translated was no code
    return bool(_ELSE.search(asked) or _ELSE.search(text[:400]) or "</" in asked)


_TRANSLATE = re.compile("翻译|译[成为]|[Tt]ranslat")
_CALL = re.compile(r"\w[(（]|[{};]|</?\w")
_MORE = re.compile(_WEAK, re.M)
_CODE = re.compile(
    r"^[ \t]*(?:def|import|from|for|if|while|return|class|print|else|var|let|const|function|#include|int|void)\b.*[(:：;{]|\w+\.\w+[(（]|[\w\]] ?[-+*/=!<>]?= ?[\w\[\"“]|<(?:html|head|body|div|p|h1)\b",
    re.M,
)
_WANTED = re.compile(r"代码|程序|函数|脚本|SQL|HTML|网页|Python|Java|C\+\+|循环|查询语句|编程|算法", re.I)
_ELSE = re.compile(r"伪代码|易语言|文言|中文编程|中文关键字|[Ss]cratch|积木|流程图|算法描述|自然语言描述|pseudo|Excel|公式", re.I)
