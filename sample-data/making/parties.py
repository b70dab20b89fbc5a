"""Plan, profiles, requests and secrets of the joint test."""

import json

SPECS = "項目定義書 2023-09-29、付番API仕様2.0版、全銀 口座振替"
FILE_NAME = "業務名_団体コード_作成日_連番"

COMMON = {"C04": "forbid", "C05": "〓", "O01": SPECS}
FILE = {**COMMON, "T01": "file", "T02": "on-prem-share", "F02": "forbid", "F03": "crlf", "F04": "require", "F05": "forbid",
        "F07": "any", "F09": "none", "X04": FILE_NAME}
# What both sides of each linkage settled: 連携ID -> (provider, consumer, answers).
LINKAGES = {
    "L-01": ("a", "b", {**FILE, "F01": "utf-8", "F14": "chars", "C01": "any", "C02": "allow",
                        "X10": "連番順。同じ連番の再送は置換え", "X11": "good-and-error-list"}),
    "L-02": ("a", "c", {**FILE, "F01": "cp932", "F14": "chars", "C01": "cp932 - nec13", "C02": "forbid", "C06": "ms"}),
    "L-03": ("b", "d", {**FILE, "F01": "jisx0201", "F14": "bytes", "C01": "zengin", "C02": "forbid"}),
    "L-04": ("a", "b", {**COMMON, "T01": "rest", "A01": "client_secret_jwt", "A07": "300", "C01": "any", "C02": "allow",
                        "X12": "30", "X13": "api-2.0"}),
}
ALWAYS_SCOPED = {"X10", "X11", "C06"}
PARTIES = {
    "a": ("vendor-a", "A社 住登外管理", "Vendor A, addressee numbers", "standard", "住登外者宛名番号管理 見本", "1.0.0", "031"),
    "b": ("vendor-b", "B社 個人住民税", "Vendor B, individual inhabitant tax", "standard", "個人住民税 見本", "3.2.1", "010"),
    "c": ("vendor-c", "C社 独自施策", "Vendor C, local measures", "local", "独自施策 見本", "2.0", "A01"),
    "d": ("bank-d", "D銀行（指定金融機関の代役）", "Bank D (stand-in of the designated bank)", "external", "口座振替受付 見本", "1", "000"),
}
A_ENDPOINTS = '''
[endpoints.api]
url = "{stand_in.a-api.url}"
ca = "{stand_in.a-api.ca}"

[endpoints.token]
url = "{stand_in.a-api.url}/oauth/v1/token"
ca = "{stand_in.a-api.ca}"
'''
B_CLIENTS = '''
[clients.main]
auth = "client_secret_jwt"
client_id = "BZEIMAIN000000000000000000000001"
secret = { file = "secrets/main.txt" }

[clients.short-lived]                # 期限切れの試験に使う、数秒で切れるトークンの利用者
auth = "client_secret_jwt"
client_id = "BZEISHORT00000000000000000000002"
secret = { file = "secrets/short-lived.txt" }
'''
SECRETS = {
    "vendor-b/secrets/main.txt": "sample-secret-of-vendor-b-main-not-a-real-one-0001\n",
    "vendor-b/secrets/short-lived.txt": "sample-secret-of-vendor-b-short-not-a-real-one-0002\n",
}


def answer(item, value, linkage, place):
    """An answer of a profile."""
    scope = f'linkage = "{linkage}"\n' if linkage else ""
    return f'[[answer]]\nitem = "{item}"\nvalues = ["{value}"]\n{scope}source = "連携設定書（見本） {place}"\n'


SILENT = ("# X10（順序・再送・冪等性）は未回答\n", answer("X10", LINKAGES["L-01"][2]["X10"], "L-01", "L-01"))
# (seeded, clean) texts of the plan and the profile of vendor B.
LIFETIME = ("token_lifetime_s = { main = 3600, short-lived = 2 }\n", "token_lifetime_s = { main = 300, short-lived = 2 }\n")
CONFLICT = ('item = "X11"\nvalues = ["all-or-nothing"]\n', 'item = "X11"\nvalues = ["good-and-error-list"]\n')


def answers(party):
    """Answers of a party: unscoped where they are the same in all its linkages, scoped elsewhere."""
    given = {}
    for linkage, (provider, consumer, settled) in LINKAGES.items():
        if party in (provider, consumer):
            for item, value in settled.items():
                given.setdefault(item, {})[linkage] = value
    out = []
    for item, values in sorted(given.items()):
        if len(set(values.values())) == 1 and item not in ALWAYS_SCOPED:
            out.append(answer(item, next(iter(values.values())), "", "共通"))
        else:
            out += [answer(item, value, linkage, linkage) for linkage, value in values.items()]
    return "\n".join(out)


def profile(party):
    """A profile as TOML."""
    folder, ja, en, kind, product, version, business = PARTIES[party]
    extra = {"a": A_ENDPOINTS, "b": B_CLIENTS}.get(party, "")
    return f'''# 架空の事業者の申告。make.py が作る。
schema = "renkei.profile/v1"
name = {{ ja = "{ja}", en = "{en}" }}

[system]
kind = "{kind}"
product = "{product}"
version = "{version}"
business = "{business}"
site = "on-premises"

[declared]
by = "担当者-{party.upper()}1"
on = "2026-11-01"
document = "連携設定書（見本）"
{extra}
{answers(party)}'''


def plan(misbehaviours, files):
    """The plan; `misbehaviours` by stand-in, `files` are the names of the three data files."""
    csv, sjis, bank = files

    def wrong(stand_in):
        return "misbehave = [\n" + "".join(f'    "{word}",\n' for word in misbehaviours.get(stand_in, [])) + "]"

    parties = "".join(f'[[party]]\nid = "{p}"\nprofile = "{v[0]}/profile.toml"\nstand_in = true\n\n' for p, v in PARTIES.items())
    receivers = "".join(
        f'[[stand_in]]\nid = "{p}-receiver"\nrole = "receiver"\ninbox = "{{work}}/{p}/inbox"\n'
        f'receipts = "{{work}}/{p}/receipts"\n{wrong(f"{p}-receiver")}\n\n' for p in "bcd")
    titles = {
        "L-01": ("住登外者宛名基本情報（A社→B社）", "Addressees, A to B"), "L-02": ("住登外者宛名基本情報（A社→C社）", "Addressees, A to C"),
        "L-03": ("口座振替の依頼（B社→D銀行）", "Direct debit request, B to D"), "L-04": ("宛名番号の付番（B社がA社のAPIを呼ぶ）", "Numbering, B calls A"),
    }
    linkages = "".join(
        f'[[linkage]]\nid = "{id}"\ntitle = {{ ja = "{titles[id][0]}", en = "{titles[id][1]}" }}\nfrom = "{a}"\nto = "{b}"\n\n'
        for id, (a, b, _) in LINKAGES.items())
    return f'''# 連携試験の計画（見本）。事業者も氏名も架空。make.py が作る。
schema = "renkei.plan/v1"
title = {{ ja = "住登外者宛名と口座振替の連携試験（見本）", en = "Joint test of addressees and direct debit (sample)" }}
data_class = "fictional"
packs = ["jutogai-031@2023-09-29", "zengin@1", "jutogai-fuban-api@2.0"]
agreement_items = ["linkage-items@1"]

{parties}[[stand_in]]
id = "a-api"
role = "provider"
api = "jutogai-fuban-api/fuban"
clients = ["b.main", "b.short-lived"]
{LIFETIME[1]}{wrong("a-api")}

{receivers}{linkages}{file_case("C-001", "CSV（UTF-8）の受渡し", "CSV in UTF-8", "L-01", "jutogai-031/atena-kihon", csv, "b")}
{file_case("C-002", "CSV（CP932）の受渡し", "CSV in CP932", "L-02", "jutogai-031/atena-kihon", sjis, "c")}
{file_case("C-003", "全銀 口座振替（120バイト）の受渡し", "Zengin direct debit, 120 bytes", "L-03", "zengin/koza-furikae", bank, "d")}
{api_case("C-101", "付番の依頼", "Numbering request")}
{api_case("C-102", "トークンなしを拒む", "A call without token is refused", variation="no-token")}
{api_case("C-103", "期限切れのトークンを拒む", "An expired token is refused", variation="expired-token", client="short-lived")}
{api_case("C-104", "違うスコープを拒む", "Another scope is refused", variation="wrong-scope", scope="031:app_submit/v10/jutogaishaatenakihonjohosyokai:Read")}
{api_case("C-105", "必須項目（操作者ID）がない要求を拒む", "A request without operator is refused", variation="missing-required", target="/sosashaid")}
{api_case("C-106", "桁あふれ（市区町村コード）の要求を拒む", "An over-long municipality code is refused", variation="too-long", target="/shikuchosonkodo")}'''


def file_case(id, ja, en, linkage, layout, path, receiver):
    """A file case."""
    outbox, _, name = path.rpartition("/")
    return f'''[[case]]
id = "{id}"
title = {{ ja = "{ja}", en = "{en}" }}
linkage = "{linkage}"
[case.file]
layout = "{layout}"
outbox = "{outbox}"
name = "{name}"
inbox = "{{work}}/{receiver}/inbox"
receipt = "{{work}}/{receiver}/receipts/{{name}}.receipt.json"
wait_s = 10
'''


def api_case(id, ja, en, **more):
    """An API case."""
    more = {"client": "main", "body": "vendor-b/requests/fuban-new.json", "variation": "none", **more}
    lines = "".join(f'{key} = "{value}"\n' for key, value in more.items())
    return f'''[[case]]
id = "{id}"
title = {{ ja = "{ja}", en = "{en}" }}
linkage = "L-04"
[case.api]
api = "jutogai-fuban-api/fuban"
operation = "jutogaishaatenabangofuban"
{lines}wait_s = 30
'''


def request():
    """The body of the numbering request."""
    body = {
        "shorikubun": "0", "shikuchosonkodo": "131016", "shimei": "𠮷田　花子", "uji_nihonjin": "𠮷田", "na_nihonjin": "花子",
        "shimei_furigana": "ヨシダ　ハナコ", "uji_nihonjin_furigana": "ヨシダ", "na_nihonjin_furigana": "ハナコ", "seibetsu": "2",
        "seinengappi": "1980-04-01", "seinengappi_fushofuragu": "0", "jusho_shikuchosonkodo": "142042", "jusho_choazakodo": "0000000",
        "jusho_todofuken": "神奈川県", "jusho_shikugunchosonmei": "鎌倉市", "jusho_choaza": "見本町一丁目",
        "jusho_banchigohyoki": "３番１２－４号", "jusho_katagaki": "メゾン～みどり～２０３号", "jusho_katagaki_furigana": "メゾンミドリ２０３ゴウ",
        "jusho_yubinbango": "2488123", "gyomuid": "010", "dokujishisakushisutemutoid": "000", "nayosemotofuragu": "0",
        "tagyomusanshofukafuragu": "0", "sosashaid": "OP0001", "sosanengappi": "2026-11-01", "sosajikoku": "09:00:00",
    }
    return json.dumps(body, ensure_ascii=False, indent=2) + "\n"
