use std::collections::BTreeSet;

use renkei_core::model::Bilingual;
use renkei_core::plan::StandInRole;

use crate::error::RunError;

/// A way in which a stand-in can be told to break a rule, so that the rule can be seen to fire.
#[derive(Clone, Copy, Debug)]
pub struct Misbehaviour {
    /// Who can misbehave so.
    pub role: StandInRole,
    /// The switch it turns on.
    pub switch: Switch,
    /// Name in plans.
    pub name: &'static str,
    /// What it does, in Japanese.
    pub ja: &'static str,
    /// What it does, in English.
    pub en: &'static str,
}

macro_rules! misbehaviours {
    ($($role:ident $switch:ident $name:literal $ja:literal $en:literal)*) => {
        /// One switch a misbehaviour.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Switch {
            $(#[doc = $en] $switch,)*
        }

        /// Every misbehaviour, `renkei mock --list-misbehaviours`.
        pub const MISBEHAVIOURS: &[Misbehaviour] = &[
            $(Misbehaviour {
                role: StandInRole::$role,
                switch: Switch::$switch,
                name: $name,
                ja: $ja,
                en: $en,
            },)*
        ];
    };
}

misbehaviours! {
    Provider ScopeIgnored "scope-ignored" "別のスコープのトークンを受け付ける" "accepts tokens of another scope"
    Provider TokenNotChecked "token-not-checked" "トークンのない（または知らないトークンの）呼び出しを受け付ける" "accepts calls without a token or with an unknown one"
    Provider ExpiryIgnored "expiry-ignored" "有効期限の切れたトークンを受け付ける" "accepts tokens after their lifetime"
    Provider CharsetMissing "charset-missing" "応答の Content-Type に charset を付けない" "answers without charset in Content-Type"
    Provider ErrorCodeWrong "error-code-wrong" "桁数の誤りに E0003 でなく E0002 を返す" "answers E0002 instead of E0003 to a wrong length"
    Provider RequiredNotChecked "required-not-checked" "必須項目がなくても受け付ける" "accepts requests without mandatory items"
    Provider LengthNotChecked "length-not-checked" "桁数を超えた項目を受け付ける" "accepts items longer than allowed"
    Provider TokenLifetime3600 "token-lifetime-3600" "トークンの有効期間を3600秒にする" "issues tokens for 3600 seconds"
    Provider RefreshTokenIssued "refresh-token-issued" "リフレッシュトークンを発行する" "issues a refresh token"
    Provider TokenTypeWrong "token-type-wrong" "token_type を Bearer でなく mac とする" "says token_type mac instead of Bearer"
    Provider ScopeWidened "scope-widened" "求められたものと違うスコープを与える" "grants another scope than the one asked for"
    Provider AssertionNotChecked "assertion-not-checked" "クライアントの署名を確かめない" "does not check the client's signature"
    Provider BodyViolatesSchema "body-violates-schema" "正常応答の項目の型を仕様と違える" "answers with an item of another type than documented"
    Provider ExtraField "extra-field" "仕様にない項目を正常応答に加える" "adds an undocumented item to its answers"
    Provider DuplicateKey "duplicate-key" "正常応答のJSONで同じキーを2回書く" "repeats a key in the JSON of its answers"
    Provider WrongStatus200OnError "wrong-status-200-on-error" "エラーをステータス200で返す" "answers errors with status 200"
    Provider NonJsonError "non-json-error" "400と401をJSONでなくHTMLで返す" "answers 400 and 401 as HTML instead of JSON"
    Provider Unavailable "unavailable" "すべての呼び出しに503を返す" "answers every call with 503"
    Provider Slow "slow" "応答を3秒遅らせる" "answers 3 seconds late"
    Provider Hang "hang" "要求を受けたまま応答しない" "takes the request and never answers"
    Provider HangMidBody "hang-mid-body" "本文の途中で止まる" "stops in the middle of the body"
    Provider CloseMidBody "close-mid-body" "本文の途中で接続を切る" "closes the connection in the middle of the body"
    Provider Redirect "redirect" "別のホストへのリダイレクトを返す" "redirects to another host"
    Provider NumberTwice "number-twice" "同じ宛名番号を2度付番する" "issues the same number twice"
    Provider CheckDigitWrong "check-digit-wrong" "検査数字の誤った宛名番号を付番する" "issues numbers with a wrong check digit"
    Provider SameNumberConcurrently "same-number-concurrently" "同時に付番すると同じ宛名番号を与える" "issues one number twice when asked at the same time"
    Provider CharsetWrong "charset-wrong" "charset=UTF-8 としながら Shift_JIS で応答する" "says charset=UTF-8 and answers in Shift_JIS"
    Provider IvsDropped "ivs-dropped" "異体字の符号（IVS）を落として返す" "drops variation selectors (IVS) from what it repeats"
    Provider SubstitutionMark "substitution-mark" "Shift_JISにない文字を ? に替えて返す" "repeats characters outside Shift_JIS as ?"
    Provider IntrospectionSkipped "introspection-skipped" "基盤に問い合わせず、失効させたトークンを受け付ける" "never asks the platform and accepts revoked tokens"
    Provider ForeignTokenAccepted "foreign-token-accepted" "別の提供側のトークンを受け付ける" "accepts tokens for other providers"
    Provider AlgNoneAccepted "alg-none-accepted" "署名のないトークン（alg none）を受け付ける" "accepts tokens without signature (alg none)"
    Provider KeyConfusionAccepted "key-confusion-accepted" "公開鍵を共通鍵とみなしたトークンを受け付ける" "accepts tokens signed HS256 with its public key"
    Provider SignatureNotChecked "signature-not-checked" "トークンの署名を確かめない" "does not check the signature of tokens"
    Provider TokenInQueryAccepted "token-in-query-accepted" "URLに付けたトークンを受け付ける" "accepts tokens in the query"
    Provider TokenInBodyAccepted "token-in-body-accepted" "本文に入れたトークンを受け付ける" "accepts tokens in the body"
    Provider TwoMethodsAccepted "two-methods-accepted" "ヘッダーとURLの両方に付けたトークンを受け付ける" "accepts a token in header and query at once"
    Provider CertificateNotChecked "certificate-not-checked" "トークンに結び付く証明書を確かめない" "does not check the certificate a token is bound to"
    Provider CertificateNotBound "certificate-not-bound" "トークンを証明書に結び付けない" "issues tokens that are not bound to the client's certificate"
    Provider AssertionReplayAccepted "assertion-replay-accepted" "同じassertionを2度受け付ける" "accepts an assertion twice"
    Provider AssertionExpiryIgnored "assertion-expiry-ignored" "期限切れのassertionを受け付ける" "accepts assertions after their exp"
    Provider AudienceIgnored "audience-ignored" "assertionのaudを確かめない" "does not check the audience of assertions"
    Provider UnknownClientAccepted "unknown-client-accepted" "登録のないクライアントにトークンを発行する" "issues tokens to clients it does not know"
    Provider SecretNotChecked "secret-not-checked" "秘密と署名の鍵を照合しない" "does not compare secrets and signatures"
    Provider ClockSkewRefused "clock-skew-refused" "時計のずれを1秒も許さない" "tolerates no difference of clocks"
    Provider ClockSkewUnlimited "clock-skew-unlimited" "先の日時のassertionを受け付ける" "accepts assertions from the future"
    Provider ScopeFormNotChecked "scope-form-not-checked" "形式の違うスコープを与える" "grants scopes of any form"
    Provider TwoProvidersGranted "two-providers-granted" "2つの提供側に通じるトークンを発行する" "issues one token for two providers"
    Provider TokenErrorAs500 "token-error-as-500" "誤ったトークン要求に500を返す" "answers wrong token requests with 500"
    Provider KeysOutOfDate "keys-out-of-date" "公開する鍵が署名の鍵と違う" "publishes another key than the one that signs tokens"
    Provider MetadataWrong "metadata-wrong" "メタデータに古いエンドポイントを書く" "names an old token endpoint in its metadata"
    Provider RevocationIgnored "revocation-ignored" "失効の要求に応じたふりをする" "confirms revocations without revoking"
    Provider IntrospectionAlwaysActive "introspection-always-active" "どのトークンにも active: true と答える" "calls every token active"
    Provider IntrospectionInactive "introspection-inactive" "どのトークンにも active: false と答える" "calls every token inactive"
    Provider IntrospectionOpen "introspection-open" "認証のない問い合わせに答える" "answers introspection to anybody"
    Consumer CallsWithoutToken "calls-without-token" "トークンを付けずに呼び出す" "calls without a token"
    Consumer SendsTokenInQuery "sends-token-in-query" "トークンをURLに付ける" "puts the token into the query"
    Consumer SendsWrongContentType "sends-wrong-content-type" "Content-Type を text/plain とする" "says Content-Type text/plain"
    Consumer SendsNoContentType "sends-no-content-type" "Content-Type を付けない" "sends no Content-Type"
    Consumer SendsNoCharset "sends-no-charset" "Content-Type に charset を付けない" "sends Content-Type without charset"
    Consumer TriesRefresh "tries-refresh" "リフレッシュトークンで更新しようとする" "tries to refresh its token"
    Consumer LeavesOutRequired "leaves-out-required" "必須項目を送らない" "leaves out a mandatory item"
    Consumer SendsBom "sends-bom" "JSONの先頭にBOMを付ける" "puts a BOM in front of the JSON"
    Consumer SendsShiftJis "sends-shift-jis" "UTF-8としながら Shift_JIS で送る" "says UTF-8 and sends Shift_JIS"
    Consumer SendsKeyTwice "sends-key-twice" "JSONの同じキーを2回書く" "repeats a key in its JSON"
    Consumer ReusesAssertion "reuses-assertion" "同じassertionを使い回す" "uses one assertion again and again"
    Consumer KeepsExpiredToken "keeps-expired-token" "期限の切れたトークンを使い続ける" "goes on with a token after its lifetime"
    Consumer AsksTokenEveryCall "asks-token-every-call" "呼び出しのたびにトークンを求める" "asks for a new token at every call"
    Receiver RejectConforming "reject-conforming" "正しいデータレコードの10件目を拒む" "rejects the 10th data record although it conforms"
    Receiver StoreOtherBytes "store-other-bytes" "受け取ったものと1バイト違うものを保存する" "stores one byte differently from what came in"
    Receiver NoReceipt "no-receipt" "受領結果を書かない" "writes no receipt"
    Receiver WrongCount "wrong-count" "受領結果の件数を1件少なく書く" "counts one record too few in the receipt"
    Receiver ReceiptUnreadable "receipt-unreadable" "受領結果をJSONの途中までしか書かない" "writes half of the receipt's JSON"
}

/// The switches that are on in one stand-in.
#[derive(Clone, Debug, Default)]
pub struct Switches(BTreeSet<Switch>);

impl Switches {
    /// Turns names into switches.
    ///
    /// # Errors
    /// A name is not one, or belongs to another role; the message lists those there are.
    pub fn new(id: &str, role: StandInRole, names: &[String]) -> Result<Self, RunError> {
        let of_role = || MISBEHAVIOURS.iter().filter(|m| m.role == role);
        let mut on = BTreeSet::new();
        for name in names {
            let Some(known) = of_role().find(|m| m.name == name) else {
                let list = of_role().map(|m| m.name).collect::<Vec<_>>().join(", ");
                return Err(RunError::Input {
                    place: format!("stand_in {id}: misbehave"),
                    message: Bilingual::new(
                        format!("\"{name}\" というふるまいはありません"),
                        format!("there is no misbehaviour \"{name}\""),
                    ),
                    help: Bilingual::new(format!("あるもの: {list}"), format!("there are: {list}")),
                });
            };
            on.insert(known.switch);
        }
        Ok(Self(on))
    }

    /// True when a switch is on.
    pub fn on(&self, switch: Switch) -> bool {
        self.0.contains(&switch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_belong_to_a_role() {
        let names: BTreeSet<_> = MISBEHAVIOURS.iter().map(|m| m.name).collect();
        assert_eq!(names.len(), MISBEHAVIOURS.len());
        let of = |role, name: &str| Switches::new("x", role, &[name.to_owned()]);
        assert!(of(StandInRole::Provider, "slow").is_ok_and(|s| s.on(Switch::Slow)));
        assert!(of(StandInRole::Receiver, "slow").is_err_and(|e| e.is_input()));
    }
}
