from __future__ import annotations

import re
from collections.abc import Iterator

from sftlint import SECRET_SIGN, SECRETS, Bad, Batch, Finding, Fix, Good, Phrase, Rule, chat, hits, place, replace

# Examples are put together from pieces, lest other tools take them for lost keys.
AWS = "AKIA" + "5TRQ7W2ZLXN3VHDJ"
GITHUB = "ghp_" + "w7Kf2LrT9xQ4mZ8bV1nC6yHsD3jP0aGe5uRt"
OPENAI = "sk-" + "proj-Zt4mQ8vK2xR7pL1wN9bH5yC3fD6gJ0sAeTuW4qXk"
SIGNED = "eyJhbGciOiJIUzI1NiJ9." + "eyJpc3MiOiJzaG9wLTciLCJleHAiOjE3OTAwMDAwMDB9" + ".u8Kq2ZtR7wLx4NvB1mHc9YfD3sJp6GaT0eQnWk5rVyM"
PRIVATE = (
    "-----BEGIN "
    + "PRIVATE KEY-----\n"
    + "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgk3VxW9TqLrZ7nB2f\n"
    + "-----END "
    + "PRIVATE KEY-----"
)


class Secret(Rule):
    """A key that opens something: an API key, an access token, a private key.

    Whoever asks the model the right question gets it back, and so does everyone who is handed the data. Take it for lost:
    revoke it where it was issued, then remove it here.

    Reported are keys that their issuers mark (`AKIA...`, `ghp_...`, `sk-...`, `LTAI...`), JSON Web Tokens, private keys in PEM, random
    passwords in URLs and behind `password =`, and long random values that are assigned to a name such as `secret_key`. They are masked in all that sftlint prints.

    Not reported: what shows the form of a key, such as `sk-xxxx`, `AKIAIOSFODNN7EXAMPLE`, runs of the alphabet, the token of every tutorial;
    passwords that somebody made up, and those that the prompt asks for.

    Fix safety: all but the beginning is replaced by asterisks, which cannot be undone, so the fix is unsafe.
    """

    zh = """可以直接使用的密钥：API 密钥、访问令牌或私钥。

    只要问法合适，模型就会把它复述出来；拿到数据的人也都能看到。请视为已经泄露：先到签发方吊销，再从数据中删除。

    报告的有：带签发方标识的密钥（`AKIA...`、`ghp_...`、`sk-...`、`LTAI...`）、JSON Web Token、PEM 格式的私钥、URL 中或 `password =` 之后的随机密码，以及赋给 `secret_key` 等名称的随机长串。
    sftlint 输出的所有内容中都会将其脱敏。

    不报告：仅示意格式的内容，如 `sk-xxxx`、`AKIAIOSFODNN7EXAMPLE`、连续的字母或数字、教程中常见的示例令牌；人为编写的密码，以及提示词要求生成的密码。

    修复安全性：除开头外全部替换为星号，无法还原，因此属于不安全修复。
    """
    message = Phrase(en="{field} contains {what} ({shown})", zh="{field} 含有{what}（{shown}）")
    message_more = Phrase(
        en="{field} contains {what} ({shown}) and {more} more", zh="{field} 含有{what}（{shown}），另有 {more} 处"
    )
    suggestion = Phrase(en="revoke it, then mask it or put a made-up value in its place", zh="先吊销，再脱敏或替换为虚构的值")
    severity = "error"
    folds = False

    good = [
        Good(
            chat(
                "How do I set my key?", "Put `export OPENAI_API_KEY=sk-your-key-goes-right-here-abcdefgh1234` into your profile."
            )
        ),
        Good(
            chat(
                "AWS 访问密钥长什么样？",
                "形如 AKIAIOSFODNN7EXAMPLE，共 20 个字符；OpenAI 的形如 sk-1234567890abcdef1234567890abcdef。",
            )
        ),
        Good(
            chat(
                "What does a hash look like?",
                "The commit is ghp-9f8e7d6c, and secret_key = settings.DJANGO_SECRET_KEY_FROM_ENV is a name.",
            )
        ),
        Good(
            chat("请生成一个安全的密码", "好的，您的密码：" + "q7R#fT2w" + "Kz9x"),
            chat("How do I log in?", 'Set password = "MyP@ssw0rd2023" there, or PASSWORD=changeMe2019now.'),
        ),
    ]
    bad = [
        Bad(chat("帮我看看这段配置", f"区域和账号都对，access_key={AWS} 也填对了。"),
            fixed=[chat("帮我看看这段配置", "区域和账号都对，access_key=AKIA**************** 也填对了。")]),
        Bad(chat(f"Why does my request fail? The header is Bearer {OPENAI}", "The model name is misspelt.")),
        Bad(chat("怎么克隆私有仓库？", f"用令牌即可：git clone https://{GITHUB}@github.com/team/shop.git")),
        Bad(chat(f"Is this token still valid? {SIGNED}", "It runs out in 2026.")),
        Bad(chat(f"这是什么？\n{PRIVATE}", "一把椭圆曲线私钥。"), fixed=[chat("这是什么？\n----********", "一把椭圆曲线私钥。")]),
        Bad(chat("obs 客户端怎么初始化？", 'ObsClient(secret_access_key="' + "hT7bQ2xV9mLk4RzW1cNs" + '8YpDf6GjA3uEo5tKiXqB")')),
        Bad(chat("短信服务怎么配置？", "填上令牌 SG." + "k3Jx8QvWz2LmT7RbYp5NcA" + ".u8Kq2ZtR7wLx4NvB1mHc9YfD3sJp6GaT0eQnWk5rVyM" + " 就能发了。")),
        Bad(chat("How does the app reach its database?", "By postgres://billing:" + "r7Kq2Zt9wLx4" + "@10.4.7.12:5432/shop, as in the other services."),
            fixed=[chat("How does the app reach its database?", "By postgres://billing:************@10.4.7.12:5432/shop, as in the other services.")]),
        Bad(chat("测试库连不上", "环境变量里写的是 DB_PASSWORD=" + "f8Wq3ZtR" + "7wLx2N，再看看端口。"),
            fixed=[chat("测试库连不上", "环境变量里写的是 DB_PASSWORD=**************，再看看端口。")]),
    ]  # fmt: skip

    sign = SECRET_SIGN

    def check(self, batch: Batch) -> Iterator[Finding]:
        for record, part, text in batch.texts.holding(self.sign):
            found = sorted(hits(SECRETS, text), key=lambda hit: hit.start)
            if any(hit.kind.name.en == "a password" for hit in found) and _MADE.search("\n".join(record.texts)):
                found = [hit for hit in found if hit.kind.name.en != "a password"]
            if found:
                fix = Fix.of(*(replace(place(record, part, hit.start, hit.stop), hit.shown) for hit in found), safe=False)
                first, more = found[0], len(found) - 1
                where = place(record, part, first.start, first.stop)
                kind = "message_more" if more else "message"
                yield self.finding(where, kind=kind, fix=fix, what=first.kind.name, shown=first.shown, more=more)


_MADE = re.compile(
    r"(?:生成|创建|随机|设置|强|安全)[^。\n]{0,12}(?:密码|口令)|(?i:generat|creat|random|strong|secure|suggest)\w*[^.\n]{0,30}(?i:password)|generate_?[Pp]assword"
)
