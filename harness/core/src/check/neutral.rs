//! Neutral notation (`maxLength 4`, `string(5)`, `absent`) in Japanese, for the placeholders `{expected_words}` and
//! `{observed_words}`. Programs read the notation itself; what is not in the table stays as it is.

/// Whole words of the notation.
const WORDS: &[(&str, &str)] = &[
    ("absent", "なし"),
    ("present", "あり"),
    ("required", "必須"),
    ("not allowed", "認められない項目"),
    ("none", "なし"),
    ("empty", "空"),
    ("once", "1回"),
    ("twice", "2回"),
    ("number", "数"),
    ("boolean", "真偽値"),
    ("whole number", "0以上の整数"),
    ("another name", "別の名前"),
    ("another value", "別の値"),
    ("unknown member", "書式にない項目"),
    ("text", "自由記述"),
    ("integer", "整数"),
    ("oneOf", "示された形のちょうど1つ"),
    ("anyOf", "示された形のどれか"),
    ("uniqueItems", "重なりのない要素"),
    ("format date", "日付（YYYY-MM-DD、実在する日）"),
    ("format date-time", "日時（RFC 3339）"),
    ("request body", "要求の本文"),
    ("byte-order-mark", "先頭にBOMがあります"),
    ("not-utf-8", "UTF-8ではないバイト"),
    (
        "not-utf-8 (well-formed Shift_JIS)",
        "UTF-8ではないバイト（全体はShift_JISとして正しい）",
    ),
    ("ends-early", "途中で終わっています"),
    ("text-after-value", "値の後に余計な文字があります"),
    ("lone-surrogate", "片側だけのサロゲート"),
    ("number-too-large", "数が大きすぎます"),
    (
        "longer than the harness keeps",
        "試験ツールが保存する長さを超えています",
    ),
    ("too many steps", "正規表現の照合が打切りの回数に達しました"),
    ("closed-mid-message", "応答の途中で接続が閉じられました"),
    ("connection-reset", "接続がリセットされました"),
    ("a documented path", "仕様書にあるパス"),
    ("one value", "ある値"),
    ("other bytes", "別のバイト列"),
    ("not named", "仕様にない名前"),
    (
        "complete HTTP request, answer awaited",
        "完結したHTTPの要求と、応答を待つこと",
    ),
    ("request-stalled", "要求が途中で止まりました"),
    ("request-cut-off", "要求の途中で利用側が接続を閉じました"),
    (
        "consumer-left-before-answer",
        "応答が終わる前に利用側が接続を閉じました",
    ),
    (
        "client-certificate-missing",
        "クライアント証明書がありません",
    ),
    (
        "client-certificate-not-accepted",
        "クライアント証明書を受け入れられません",
    ),
    (
        "consumer-does-not-trust-the-relay",
        "利用側が中継の証明書を信頼していません",
    ),
    ("not-tls", "TLSではない通信です"),
    ("not-http", "HTTPとして読めません"),
    ("name-not-found", "名前を引けません"),
    ("connection-refused", "接続を拒まれました"),
    ("host-not-in-plan", "計画にないホストです"),
    ("other", "理由を特定できません"),
    (
        "certificate-without-subject-alt-name",
        "証明書にSANがありません",
    ),
    (
        "certificate-for-another-name",
        "証明書の名前がホスト名と違います",
    ),
    ("certificate-expired", "証明書の有効期限が切れています"),
    (
        "certificate-not-yet-valid",
        "証明書の有効期間が始まっていません",
    ),
    ("unknown-issuer", "証明書を発行したCAを知りません"),
    ("no-common-tls-version", "TLS 1.2以上で話せません"),
    (
        "client-certificate-required",
        "クライアント証明書を求められました",
    ),
    ("no-common-parameters", "共通の暗号方式がありません"),
    ("handshake-failed", "理由を特定できません"),
    ("request without authorization", "認可ヘッダのない要求"),
    ("authorization was sent", "認可ヘッダのある要求"),
    (
        "token without the scope of the call",
        "呼出しの権限を持たないトークン",
    ),
    (
        "token with the scope of the call",
        "呼出しの権限を持つトークン",
    ),
    (
        "a request that breaks required",
        "この項目を欠いて誤りになる要求",
    ),
    (
        "a request that breaks maxLength",
        "この項目の桁があふれた要求",
    ),
    ("a request that does not", "誤りのない要求"),
    ("full-width characters", "全角文字"),
    ("half-width characters", "半角文字"),
    ("digits", "数字"),
    ("no replacement character", "U+FFFDのない値"),
    ("another check digit", "検査数字が合いません"),
    (
        "no number with a check digit",
        "検査数字のある番号ではありません",
    ),
    ("check digit of kojinbango", "個人番号の検査数字"),
    ("check digit of atenabango", "宛名番号の検査数字"),
    ("check digit of dantaicode", "団体コードの検査数字"),
    ("check digit of hojinbango", "法人番号の検査数字"),
    ("variation selector gone", "異体字セレクタがありません"),
    ("substitute character", "代替文字に置き換わっています"),
    ("as documented", "仕様どおり"),
    ("the same value", "同じ値"),
    ("another value in each answer", "応答ごとに違う値"),
    ("the expected value", "期待した値"),
    ("an end", "終わり"),
    ("a page that came before", "前に出たページに戻ります"),
    ("more pages than the plan allows", "計画の上限を超えます"),
    ("confirmed", "確認あり"),
    ("not confirmed", "確認なし"),
    (
        "another media type or charset",
        "仕様と違う媒体型か文字コード",
    ),
];

/// Answers about the form of a file, as they are written in layouts and profiles.
const SETTINGS: &[(&str, &str)] = &[
    ("require", "付ける"),
    ("forbid", "付けない"),
    ("allow", "どちらでもよい"),
    ("none", "なし"),
    ("crlf", "CRLF"),
    ("lf", "LF"),
    ("cr", "CR"),
    ("any", "どれでもよい"),
    ("utf-8", "UTF-8のBOM"),
    ("utf-16le", "UTF-16LEのBOM"),
    ("utf-16be", "UTF-16BEのBOM"),
    ("names", "項目名"),
    ("roman", "ローマ字の項目名"),
    ("ids", "データ項目ID"),
    ("always", "すべて囲む"),
    ("never", "囲まない"),
    ("minimal", "必要な値だけ囲む"),
    ("kokuho", "コンマ・引用符・空白・漢字を含む値だけ囲む"),
    ("empty=quoted", "空の値も囲む"),
];

/// Words that a number or a text follows: before, and after it in Japanese.
const LEADS: &[(&str, &str, &str)] = &[
    ("maxLength ", "", "文字以内"),
    ("minLength ", "", "文字以上"),
    ("maxItems ", "", "件以内"),
    ("minItems ", "", "件以上"),
    ("maximum ", "", "以下"),
    ("minimum ", "", "以上"),
    ("less than ", "", "未満"),
    ("more than ", "", "より大"),
    ("multiple of ", "", "の倍数"),
    ("type ", "型", ""),
    ("format ", "形式", ""),
    ("pattern ", "正規表現 ", ""),
    ("deeper-than ", "入れ子が", "階層より深い"),
    ("content-encoding ", "圧縮（", "）"),
    (
        "unpacked beyond the limits, content-encoding ",
        "展開すると上限を超える圧縮（",
        "）",
    ),
    ("bytes that are not ", "", "ではないバイト列"),
    ("unexpected-byte ", "文法に合わないバイト", ""),
    ("control-in-string ", "エスケープのない制御文字", ""),
    ("none after ", "", "待っても来ません"),
    ("number ", "数 ", ""),
    ("repertoire ", "文字集合 ", ""),
];

/// Units that are counted.
const UNITS: &[(&str, &str)] = &[
    ("bytes", "バイト"),
    ("chars", "文字"),
    ("graphemes", "書記素"),
    ("utf16", "UTF-16単位"),
];

/// A text in neutral notation, in Japanese.
pub(super) fn ja(text: &str) -> String {
    let parts: Vec<String> = text.split("; ").map(part).collect();
    parts.join("、")
}

/// An answer about the form of a file, in Japanese: `forbid` says little in a sentence.
pub(super) fn setting_ja(text: &str) -> String {
    let words = SETTINGS.iter().find(|(word, _)| *word == text);
    words.map_or(text, |(_, japanese)| japanese).to_owned()
}

fn part(text: &str) -> String {
    if let Some((_, japanese)) = WORDS.iter().find(|(word, _)| *word == text) {
        return (*japanese).to_owned();
    }
    for (lead, before, after) in LEADS {
        if let Some(rest) = text.strip_prefix(lead) {
            return format!("{before}{}{after}", part(rest));
        }
    }
    for (kind, japanese, unit) in [
        ("string(", "文字列", "文字"),
        ("array(", "配列", "件"),
        ("object(", "オブジェクト", "項目"),
    ] {
        if let Some((size, rest)) = text.strip_prefix(kind).and_then(|r| r.split_once(')')) {
            return format!("{japanese}（{size}{unit}）{rest}");
        }
    }
    if let Some(limit) = text.strip_prefix("<=") {
        return format!("{}以下", part(limit.trim_start()));
    }
    if let Some(limit) = text.strip_prefix(">=") {
        return format!("{}以上", part(limit.trim_start()));
    }
    if let Some(counted) = counted(text) {
        return counted;
    }
    if let Some(times) = text.strip_suffix(" times") {
        return format!("{times}回");
    }
    match text.strip_suffix(" s") {
        Some(seconds) if seconds.bytes().all(|b| b.is_ascii_digit() || b == b'.') => {
            format!("{seconds}秒")
        }
        _ => text.replace(" | ", "または"),
    }
}

/// `19 chars`, `44 bytes (22 chars)`, `120 bytes, SHA-256 …`.
fn counted(text: &str) -> Option<String> {
    let (number, rest) = text.split_once(' ')?;
    let end = rest.find([' ', ',']).unwrap_or(rest.len());
    let (unit, rest) = rest.split_at_checked(end)?;
    let (_, unit) = UNITS.iter().find(|(word, _)| *word == unit)?;
    if !number.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let inner = rest
        .strip_prefix(" (")
        .and_then(|rest| rest.strip_suffix(')'));
    Some(match inner {
        Some(inner) => format!("{number}{unit}（{}）", part(inner)),
        None => format!("{number}{unit}{}", rest.replacen(", ", "、", 1)),
    })
}

#[cfg(test)]
mod tests {
    use super::{ja, setting_ja};

    #[test]
    fn settings_read_as_japanese() {
        assert_eq!(setting_ja("forbid"), "付けない");
        assert_eq!(setting_ja("1: 氏名"), "1: 氏名");
    }

    #[test]
    fn notation_reads_as_japanese() {
        assert_eq!(
            ja("maxLength 6; pattern ^[0-9]+$"),
            "6文字以内、正規表現 ^[0-9]+$"
        );
        assert_eq!(ja("string(12) \"x\""), "文字列（12文字） \"x\"");
        assert_eq!(ja("<= 600 s"), "600秒以下");
        assert_eq!(ja("401 | 403"), "401または403");
        assert_eq!(ja("crlf"), "crlf");
        assert_eq!(ja("44 bytes (22 chars)"), "44バイト（22文字）");
        assert_eq!(ja("3 bytes, SHA-256 ab"), "3バイト、SHA-256 ab");
        assert_eq!(ja("none after 30.1 s"), "30.1秒待っても来ません");
    }
}
