//! Tokens that a case did not ask for itself: kept from an earlier one, by the record of the run.

use std::collections::BTreeMap;

use super::RunHistory;
use crate::model::Bilingual;
use crate::record::{Exchange, Transfer};

/// Where each case's token was asked for, for cases that used one of another: case id → case and log number.
pub(super) type Kept = BTreeMap<String, (String, String)>;

/// Settings that the token call alone shows.
const BY_TOKEN_CALL: &str = "auth.";

/// The cases of a run whose calls bear a token that an exchange of another case brought.
pub(super) fn of(history: &RunHistory) -> Kept {
    let mut issued: BTreeMap<&str, &Exchange> = BTreeMap::new();
    let mut kept = Kept::new();
    for exchange in &history.exchanges {
        let Transfer::Http(http) = &exchange.transfer else {
            continue;
        };
        let digest = http.token.as_ref().and_then(|t| t.token_digest.as_deref());
        if let Some(digest) = digest {
            issued.entry(digest).or_insert(exchange);
            continue;
        }
        let mut headers = http.request.headers.iter();
        let borne = headers
            .find(|h| h.name.eq_ignore_ascii_case("authorization"))
            .and_then(|h| h.value.split_once("sha256:"));
        let from = borne.and_then(|(_, digest)| issued.get(digest.trim()));
        if let Some(from) = from.filter(|e| e.case != exchange.case) {
            let place = (from.case.clone(), from.log.clone());
            kept.entry(exchange.case.clone()).or_insert(place);
        }
    }
    kept
}

/// Why nothing was seen of a setting in a case, when its token was kept.
pub(super) fn reason(setting: &str, from: &(String, String)) -> Option<Bilingual> {
    let (case, log) = (from.0.as_str(), from.1.as_str());
    let case = if case.is_empty() {
        "事前確認"
    } else {
        case
    };
    setting.starts_with(BY_TOKEN_CALL).then(|| {
        Bilingual::new(
            format!("トークンは {case}（{log}）で取得したものを使い、新たに取得していません。観測は {case} にあります"),
            format!("the token was kept from {case} ({log}) and not asked for again; {case} shows it"),
        )
    })
}
