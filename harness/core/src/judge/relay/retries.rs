//! How often a consumer sends the same request again after it failed, against the number that both sides agreed.

use std::collections::BTreeMap;

use crate::check::{Policy, Sink, agr};
use crate::model::{Bilingual, Finding, Location};
use crate::record::{AgreementRow, Exchange, HttpTransfer, Transfer};

/// The same request so long after the one that failed is taken for a new one, in seconds: a poll, a job of the next hour.
const MAX_PAUSE_S: i64 = 60;
/// Seconds of a day: a pause may go over midnight.
const DAY_S: i64 = 24 * 60 * 60;
/// Requests that failed and wait for their retry; older ones are given up first.
const MAX_PENDING: usize = 1_000;

/// Method, URL and digest of the body: what makes a request the same.
type Same = (String, String, String);

/// A request that failed.
struct Pending {
    retries: u64,
    /// When it was last sent, in seconds since midnight.
    at: i64,
}

/// Counts retries as exchanges come.
#[derive(Default)]
pub(super) struct Retries {
    pending: BTreeMap<Same, Pending>,
    /// Most retries of one request, with the exchange that was the last of them.
    most: Option<(u64, String)>,
    /// A request failed: only then a consumer had reason to retry.
    failed: bool,
}

impl Retries {
    pub(super) fn add(&mut self, exchange: &Exchange) {
        let Transfer::Http(http) = &exchange.transfer else {
            return;
        };
        if http.request.method.is_empty() || exchange.step == "token" {
            return;
        }
        let at = second_of_day(&exchange.at).unwrap_or(0);
        let body = http.request.body.as_ref();
        let same = (
            http.request.method.clone(),
            http.request.url.clone(),
            body.map_or(String::new(), |b| b.sha256.clone()),
        );
        let before = self.pending.remove(&same);
        let before = before.filter(|p| (at - p.at).rem_euclid(DAY_S) <= MAX_PAUSE_S);
        let retries = before.map_or(0, |p| p.retries + 1);
        if retries > self.most.as_ref().map_or(0, |(n, _)| *n) {
            self.most = Some((retries, exchange.log.clone()));
        }
        if has_failed(http) {
            self.failed = true;
            if self.pending.len() >= MAX_PENDING {
                self.pending.pop_first();
            }
            self.pending.insert(same, Pending { retries, at });
        }
    }

    /// Writes what was seen into the row, and gives the finding where it is more than what was agreed. Fewer retries are no
    /// deviation: the record may have ended before.
    pub(super) fn compare(&self, row: &mut AgreementRow) -> Vec<Finding> {
        let mut sink = Sink::new(Policy::default());
        if !self.failed {
            row.not_observed = Bilingual::new(
                "失敗した要求がなく、送り直す理由がありませんでした",
                "no request failed, so there was nothing to send again",
            );
            return Vec::new();
        }
        let (seen, log) = self.most.clone().unwrap_or_default();
        row.observed = seen.to_string();
        let agreed: Option<u64> = row.agreed.parse().ok();
        if agreed.is_some_and(|agreed| seen > agreed) {
            let at = Location {
                log: Some(log),
                ..Location::default()
            };
            agr::tell_row(row, at, &mut sink);
        }
        sink.into_findings()
    }
}

/// Seconds since midnight of an RFC 3339 time.
fn second_of_day(at: &str) -> Option<i64> {
    let time = at.split_once('T')?.1;
    let part = |from: usize| time.get(from..from + 2)?.parse::<i64>().ok();
    Some(part(0)? * 3600 + part(3)? * 60 + part(6)?)
}

/// No whole answer, or one that says to try again later.
fn has_failed(http: &HttpTransfer) -> bool {
    http.fault.is_some()
        || http
            .response
            .as_ref()
            .is_none_or(|r| r.status >= 500 || r.status == 429)
}
