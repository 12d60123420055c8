"""Words with which no sentence ends, and halves of words: in Chinese by jieba's dictionary, in English by lists."""

from __future__ import annotations

import re

_NEVER_LAST = frozenset(
    """the a an of and or with from as into onto whose because although than nor its their my your our very including between during upon
    via such every if while unless whether toward towards among per he she we they who using various several regarding""".split()
)
#: Words that end a sentence now and then ("what it is for"): they count in a long line, after a finished sentence.
_RARELY_LAST = frozenset(
    """to for by at that which is are was were be has have had will can should could would may must but when where these those his any
    I am how through able due becomes became""".split()
)
#: Words that open sentences: with a capital none of them is a sentence by itself, nor its end.
_OPENERS = frozenset(
    """The A An This These That Those There It He She We They I You My Our Your His Her Their Its In On At By For To With From As If So
    And But Or One Each Another Some Many When While Since Once After Before During Although Because However Therefore Additionally
    Moreover Furthermore Thus Hence Finally Lastly First Second Next Then Also Instead Meanwhile Overall Here What Why How Let
    Consider""".split()
)
_DANGLING = frozenset(
    """的 和 与 或 以及 及 并 并且 而 而且 但 但是 因为 由于 如果 虽然 对于 在 从 把 被 将 为了 使 让 向 以 其 一个 一种 一些 例如 比如 包括 通过 根据 可以 应该
    需要 能够 或者 还是 不仅 与其 该 这些 那些 以便 从而 因此 所以 关于 之 于 由 当 使得 以免 随着 除了 作为 成为 具有 进行 帮助 及其 尤其是 特别是 首先 其次 此外 另外
    同时 然后 并不 不会 可能 是 有 会 要 我们 为 也 都 很 更 最 就 还 才 又 再 能 这 那 这个 这种 每 每个 某 某些 有些 各种 任何 所有 其他 非常 十分 更加 更为 越来越
    逐渐 逐步 不断 进一步 已 已经 正在 仍 仍然 依然 往往 通常 常常 经常 总是 一直 曾经 主要 是否 无法 才能 不能 就是 而是 只是 还有 还要 不要 应 应当 必须 较 则 却
    即 且 均 若 因 按 按照 跟 给 非 未 既 虽 尽管 即使 无论 不管 只要 只有 一旦 甚至 尤其 直到 用于 位于 来自 源于 属于 取决于 处于 基于 在于 针对 意味着 称为 视为 分为 变得
    显得 拥有 含有 具备 面临 受到 遇到 想要 试图 旨在 认为 确保 提供 有助于 以确保 难以 值得 似乎 或许 也许 一位 一名 一家 一只 一项 两个 几个 多个 整个 大量 一系列 不同于 相对于
    那么 然而 不过 总之 其实 其中 请 建议您 您的 我的 你的""".split()
)
_LAST_HAN = frozenset(word[-1] for word in _DANGLING)
_PREDICATE = re.compile("[是会能可需要很有不挺蛮够]")
_AFTER_MARK = re.compile(r"[.!?][\"”)*_]*\s+\Z")
_WORD = re.compile(r"[A-Za-z]+(?:[’'][a-z]+)?\Z")


def dangling(text: str, prose: bool) -> int:
    """Where the last word of *text* begins if no sentence ends with it, or -1. *prose*: it is surely running text."""
    if text[-1] in _LAST_HAN:
        clause = re.split(r"[。！？；：:\n“”\"]", text[-60:])[-1]
        if len(clause) < 5 or len(text) < 12 or not prose:
            return -1
        word = words(re.split("[，、,]", clause[-20:])[-1])[-1]
        final = word == "的" and _PREDICATE.search(clause[-14:])  # "这是需要的" is whole
        return len(text) - len(word) if word in _DANGLING and not final else -1
    found = _WORD.search(text[-40:])
    if found:
        word, line = found[0], text[text.rfind("\n") + 1 :]
        count = line.count(" ") + 1
        if word in _OPENERS and count >= 6 and prose and _AFTER_MARK.search(text[-len(word) - 8 : -len(word)]):
            return len(text) - len(word)
        if (word in _NEVER_LAST and count >= 6 and (prose or count >= 9)) or (word in _RARELY_LAST and count >= 10 and prose):
            return len(text) - len(word)
    return -1


def half_word(text: str) -> int:
    """Where the last character of a Chinese *text* stands if it seldom is a word but often begins one, or -1."""
    if text[-1] not in _HALF_WORDS:
        return -1
    clause = re.split(r"[^\u3400-\u9fff]", text[-20:])[-1]
    if len(clause) < 5 or len((said := words(clause))[-1]) != 1 or said[-2:-1] == ["之"]:
        return -1  # what follows 之 may well be one character: 杭州之旅
    return len(text) - 1


#: Characters that begin words, and by themselves are fewer than a tenth of all words that they begin: by the frequencies in
#: the dictionary of jieba 0.42.1, where those words occur more than a hundred times.
_HALF_WORDS = frozenset(
    "发工主公文建政实武机现十关特产社世基资保表民领结组专什增规决农皇目认研百广历参联技统委精商企编消创许采突影整价旅严优思财"
    "医适检预执航服宣劳导简革标普协坚程维遗扩希激孩充阶艺模范丰召控逐评秘效危毫博汽侵培繁韦构欢介概良综竞植宪训纪迅延材促警朋"
    "贡销措努昨申恢贫暴媒贸纺储辛违哲矛纷寡陕咸描厉颜估彻邮伟污艰奋咨纠衙纤厘侦悠凌葡欣辐吩聪阐障丫诞询奠牺惩巩琉匆蔬锻麋媳垄"
    "芦娱咖勉蕴菩浏缔沦橡苹凄嗓尴胳垃瀑牲隧潇邹慷匕椭鹧葫讽嘲譬蓦喃霎鸳蒯翌畸崛蜿瞩秭馒豌呻糍紊黯椰朦侥荧竣蘑殡萎崭萤踌潼徘蝴"
    "抉蜈滔傀汹拯鲟蠕橄庹跻鳇疙绚猖踉抨菠蚯茯哮唧蹂憔蜘胭噩柠泸霹熠翡鲥狙肄蝙粳惬袈侏饴蹊诅嫘枸惋邰鲶隗咆硚猕牦媲蟋忐翩琥腼廿"
    "妩狰辎簌佝螃唢觊篝瞌飒蜻酗膂邂遴瘙铤蹒忸玷狞讴螳舢滹猢怏囫汩"
)


def words(text: str) -> list[str]:
    """The Chinese words of *text*, by jieba's dictionary alone: rjieba holds the same, and is there at once."""
    import rjieba

    found: list[str] = rjieba.cut(text, False)
    return found
