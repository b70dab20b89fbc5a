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
