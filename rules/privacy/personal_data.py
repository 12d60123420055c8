from __future__ import annotations

from collections.abc import Iterator

from sftlint import PERSONAL, PERSONAL_SIGN, Bad, Batch, Finding, Fix, Good, Phrase, Rule, chat, hits, place, replace


class PersonalData(Rule):
    """A number or address that belongs to a person.

    The model repeats it to whoever asks. Platforms count such records against the dataset, and the law may forbid them.

    Warnings are identity cards, bank cards and IBANs whose check digits are right, and passport and social security numbers that are
    called so. Phone numbers, number plates, Chinese home addresses with a room number, e-mail and IP addresses are notes, since many are public or made up. All are masked in
    whatever sftlint prints.

    Not reported: numbers with wrong check digits; card numbers with no card or account spoken of near them; what stands for any
    number or address, such as `13800138000`, `you@example.com`, `192.168.0.1`, `info@...`.

    Fix safety: the middle is replaced by asterisks, which cannot be undone, so the fix is unsafe.
    """

    zh = """属于个人的号码或地址。

    模型会把它告诉任何提问的人。平台检查数据合规度时会扣除此类数据，法律也可能禁止使用。

    警告：校验位正确的身份证号、银行卡号和国际银行账号，以及明确写出的护照号和社会安全号码。手机号、车牌号、带房间号的住址、邮箱和 IP 地址多为公开或虚构，仅作提示。
    sftlint 输出的所有内容中都会将其脱敏。

    不报告：校验位不对的号码；附近没有提到银行卡或账户的卡号；泛指的号码和地址，如 `13800138000`、`you@example.com`、`192.168.0.1`、`info@...`。

    修复安全性：中间部分替换为星号，无法还原，因此属于不安全修复。
    """
    message = Phrase(en="{field} contains {what} ({shown})", zh="{field} 含有{what}（{shown}）")
    message_more = Phrase(en="{field} contains {what} ({shown}) and {more} more", zh="{field} 含有{what}（{shown}），另有 {more} 处")
    suggestion = Phrase(en="mask it or put a made-up value in its place", zh="脱敏或替换为虚构的值")

    good = [
        Good(chat("身份证号 110105194912310021 对吗？", "校验位不对。"), chat("订单号是多少？", "订单号 6222021234567890128，请查收。")),
        Good(chat("Which number do I call?", "Call 555-0134 or write to you@example.com; the router is at 192.168.0.1 and DNS at 8.8.8.8.")),
        Good(chat("圆周率小数点后有哪些数字？", "3.141592653589793238462643383279502884197"), chat("客服电话？", "拨打 13800138000 试试。")),
        Good(chat("新RX6800怎么样？", "新RX6800显卡跑得快，公司在长江路88号天和大厦1206室。"), chat("车牌怎么编？", "京A后面是五位，如京A12345。")),
        Good(chat("Is my test card fine?", "Yes, 4242 4242 4242 4242 is the card number that test systems take."), chat("版本？", "版本 10.12.33.41")),
    ]
    bad = [
        Bad(chat("登记信息", "王女士，身份证 32010619840312154X，已核对。"),
            fixed=[chat("登记信息", "王女士，身份证 320*************4X，已核对。")]),
        Bad(chat("退款退到哪里？", "退到您的银行卡 6217 0012 1002 4455 220。"), fixed=[chat("退款退到哪里？", "退到您的银行卡 6217 **** **** **** 220。")]),
        Bad(chat("Please pay me back to my Visa card 4539578763621486", "Done.")),
        Bad(chat("Where do I send the rent?", "To NL91ABNA0417164300, before the third.")),
        Bad(chat("Her social security number?", "It is 412-68-9317."), chat("护照信息", "护照号码：E83640195。"), at=(0, 1)),
        Bad(chat("怎么联系李工？", "手机 13957182046 和 17620935814 都可以。"), chat("谁负责？", "发邮件到 zhang.wei@huaxin-tech.cn。"), at=(0, 1),
            fixed=[chat("怎么联系李工？", "手机 139****2046 和 176****5814 都可以。"), chat("谁负责？", "发邮件到 z****.***@huaxin-tech.cn。")]),
        Bad(chat("Which host?", "The machine at 47.98.163.21 answers."), chat("Her phone?", "Try (415) 736-2894."), at=(0, 1)),
        Bad(chat("哪辆车剐蹭了护栏？", "是湘K7M52B那辆货车。"), chat("送到哪里？", "送到采菱路36号2单元503室。"), at=(0, 1),
            fixed=[chat("哪辆车剐蹭了护栏？", "是湘K***2B那辆货车。"), chat("送到哪里？", "送到采菱路**号*单元***室。")]),
        Bad(chat("谁的车挡住了门？", "车牌号是浙B7K92F的那辆。"), chat("怎么加她？", "加QQ 836104927，或者发到 lin.yue@163.com。"), at=(0, 1, 1)),
    ]  # fmt: skip

    sign = PERSONAL_SIGN

    def check(self, batch: Batch) -> Iterator[Finding]:
        for record, part, text in batch.texts.holding(self.sign):
            asked = record.question if part in record.layout.answers else ""
            found = list(hits(PERSONAL, text, asked=asked))
            for kind in dict.fromkeys(hit.kind for hit in found):
                same = [hit for hit in found if hit.kind is kind]
                fix = Fix.of(*(replace(place(record, part, hit.start, hit.stop), hit.shown) for hit in same), safe=False)
                first, more = same[0], len(same) - 1
                where = place(record, part, first.start, first.stop)
                yield self.finding(
                    where, kind="message_more" if more else "message", severity="info" if kind.weak else None,
                    fix=fix, key=kind.name.en, what=kind.name, shown=first.shown, more=more,
                )  # fmt: skip
