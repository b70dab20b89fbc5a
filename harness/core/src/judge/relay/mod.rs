//! Judges what went through a relay: exchange by exchange, one case for each operation, whatever the number of exchanges.

mod cases;
mod retries;
mod route;

use std::collections::BTreeMap;
use std::io;

use super::{Evidence, fold, log_line};
use crate::check::{
    Policy, Sink, examine_relayed, examine_token, examine_undocumented, examine_way,
};
use crate::mask::Mask;
use crate::model::{Bilingual, Finding};
use crate::observe::{Asked, Bodies, CallView, TokenView};
use crate::plan::{ApiCase, Variation};
use crate::record::{
    AgreementRow, Blob, Exchange, LogLine, PackStamp, Party, ResultDocument, RunStamp, Transfer,
};
use crate::spec::{Api, Operation, TokenRules};
use cases::{Group, remark, settle};
use retries::Retries;
use route::{Route, path_of, route};

/// Longest body that is judged, in bytes.
const MAX_BODY: u64 = 16 * 1024 * 1024;
/// So many exchanges are listed in the document; the record holds all of them.
const MAX_LISTED: usize = 2_000;

/// Who talks to whom through a relay, and by which document.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RelayParties {
    /// Provider and consumer, in this order.
    pub parties: Vec<Party>,
    /// Linkage of the plan, when there is one.
    pub linkage: String,
    /// Title of the run.
    pub title: Bilingual,
    /// データ区分.
    pub data_class: String,
    /// Path in front of the API's own paths, without a slash at its end.
    pub base_path: String,
    /// Within how many seconds both sides agreed to answer.
    pub agreed_answer_s: Option<u64>,
    /// Longest lifetime of a token in seconds that both sides agreed.
    pub agreed_lifetime_s: Option<i64>,
    /// Items of the agreement that a relay shows, with what was agreed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agreement: Vec<AgreementRow>,
    /// The command that starts the relay again.
    pub reproduce: String,
}

/// Judges a relay's exchanges one by one; memory grows with the number of operations, not of exchanges.
pub struct RelayJudge<'a> {
    api: Option<&'a Api>,
    token_rules: TokenRules,
    about: &'a RelayParties,
    evidence: &'a dyn Evidence,
    groups: Vec<Group>,
    index: BTreeMap<String, usize>,
    log: Vec<LogLine>,
    exchanges: u64,
    retries: Retries,
    mask: Mask,
}

impl<'a> RelayJudge<'a> {
    /// A judge by the document of `api`; without one only the way is judged.
    pub fn new(api: Option<&'a Api>, about: &'a RelayParties, evidence: &'a dyn Evidence) -> Self {
        let mut token_rules = api.map(|a| a.rules.token.clone()).unwrap_or_default();
        token_rules.client_id.clear(); // a relay does not know whose id was declared
        Self {
            api,
            token_rules,
            about,
            evidence,
            groups: Vec::new(),
            index: BTreeMap::new(),
            log: Vec::new(),
            exchanges: 0,
            retries: Retries::default(),
            mask: Mask::default(),
        }
    }

    /// The same judge with numbers for names, where the mask has them. A relay reveals nothing.
    #[must_use]
    pub fn naming(mut self, mask: Mask) -> Self {
        self.mask = mask;
        self
    }

    /// Judges one exchange and gives its own findings, for those who watch.
    ///
    /// # Errors
    /// Its bytes cannot be read: a failure of the harness, not of a product. It is counted as such.
    pub fn add(&mut self, exchange: &Exchange) -> io::Result<Vec<Finding>> {
        self.exchanges += 1;
        self.retries.add(exchange);
        let listed = self.log.len() < MAX_LISTED;
        if listed {
            self.log.push(log_line(exchange, Mask::default()));
        }
        let name = self.name(exchange);
        let at = *self.index.entry(name.clone()).or_insert_with(|| {
            self.groups.push(Group::new(&name));
            self.groups.len() - 1
        });
        let mut own = Sink::new(Policy::default());
        let outcome = match self.groups.get_mut(at) {
            Some(group) => {
                group.note(exchange, listed);
                let mut sink = std::mem::take(&mut group.sink);
                let outcome = self.examine(exchange, &mut [&mut own, &mut sink]);
                if let Some(group) = self.groups.get_mut(at) {
                    group.sink = sink;
                    group.judged |= matches!(outcome, Ok(true));
                    if let Err(error) = &outcome {
                        group.unreadable.get_or_insert_with(|| error.to_string());
                    }
                }
                outcome
            }
            None => Ok(false),
        };
        outcome.map(|_| own.into_findings())
    }

    /// Which case an exchange belongs to: its operation, the token endpoint, what is not documented, what is no HTTP.
    fn name(&self, exchange: &Exchange) -> String {
        let Transfer::Http(http) = &exchange.transfer else {
            return "-".to_owned();
        };
        if http.request.method.is_empty() {
            return "connection".to_owned();
        }
        if exchange.step == "token" {
            return "token".to_owned();
        }
        let path = path_of(&http.request.url);
        match self
            .api
            .map(|api| route(api, &self.about.base_path, &http.request.method, path))
        {
            Some(Route::To(operation)) => format!("{} {}", operation.method, operation.path),
            Some(Route::Nowhere(_)) => "undocumented".to_owned(),
            None => "exchange".to_owned(),
        }
    }

    /// True when a message was judged by the document.
    fn examine(&self, exchange: &Exchange, sinks: &mut [&mut Sink]) -> io::Result<bool> {
        let Transfer::Http(http) = &exchange.transfer else {
            return Ok(false);
        };
        let read = |blob: Option<&Blob>| blob.map(|b| self.evidence.bytes(b, MAX_BODY)).transpose();
        let request = read(http.request.body.as_ref())?;
        let response = read(http.response.as_ref().and_then(|r| r.body.as_ref()))?;
        let bodies = Bodies {
            request: request.as_deref(),
            response: response.as_deref(),
        };
        let mut judged = false;
        for sink in sinks {
            judged = if exchange.step == "token" {
                self.examine_token(exchange, sink)
            } else {
                let context = Context {
                    mask: self.mask,
                    agreed_answer_s: self.about.agreed_answer_s,
                };
                judge_in(
                    exchange,
                    bodies,
                    self.api,
                    &self.about.base_path,
                    context,
                    sink,
                )
            };
        }
        Ok(judged)
    }

    fn examine_token(&self, exchange: &Exchange, sink: &mut Sink) -> bool {
        if examine_way(exchange, sink) {
            return false;
        }
        let asked = Asked {
            rules: &self.token_rules,
            variation: Variation::None,
            client_id: "",
            secret_chars: None,
            asked_scope: "",
            agreed_lifetime_s: self.about.agreed_lifetime_s,
        };
        // A refused client is an answer like any other; what was issued is what the rules are about.
        match TokenView::read(exchange, asked) {
            Ok(view) if self.api.is_some() && view.issued() => examine_token(&view, sink),
            _ => {}
        }
        self.api.is_some()
    }

    /// The result document of all that was added. `missing` tells why there is less than went through.
    pub fn document(
        self,
        run: RunStamp,
        packs: Vec<PackStamp>,
        remarks: Vec<Bilingual>,
    ) -> ResultDocument {
        let seen = self.index.len();
        let mut document = ResultDocument {
            packs,
            parties: self.about.parties.clone(),
            log: self.log,
            remarks,
            ..ResultDocument::begun(run)
        };
        remark(&mut document, self.exchanges, self.api, &self.index);
        debug_assert_eq!(seen, self.groups.len());
        for (index, group) in self.groups.into_iter().enumerate() {
            let id = format!("R-{:03}", index + 1);
            for line in document
                .log
                .iter_mut()
                .filter(|l| group.log.contains(&l.id))
            {
                line.case.clone_from(&id);
            }
            settle(&mut document, id, group, self.about, self.api.is_some());
        }
        for row in &self.about.agreement {
            let mut row = row.clone();
            let differing = self.retries.compare(&mut row);
            cases::add_to_its_case(&mut document, differing, self.about);
            document.agreement.push(row);
        }
        fold::finish(&mut document, []);
        document
    }
}

#[derive(Clone, Copy, Default)]
struct Context {
    agreed_answer_s: Option<u64>,
    mask: Mask,
}

/// Judges one exchange that went through a relay; true when its messages were judged by the document of `api`.
pub fn judge_relayed(
    exchange: &Exchange,
    bodies: Bodies<'_>,
    api: Option<&Api>,
    base_path: &str,
    out: &mut Sink,
) -> bool {
    judge_in(exchange, bodies, api, base_path, Context::default(), out)
}

fn judge_in(
    exchange: &Exchange,
    bodies: Bodies<'_>,
    api: Option<&Api>,
    base_path: &str,
    context: Context,
    out: &mut Sink,
) -> bool {
    if examine_way(exchange, out) {
        return false;
    }
    let (Some(api), Transfer::Http(http)) = (api, &exchange.transfer) else {
        return false;
    };
    let method = &http.request.method;
    let path = path_of(&http.request.url);
    let operation = match route(api, base_path, method, path) {
        Route::To(operation) => operation,
        Route::Nowhere(methods) => {
            examine_undocumented(exchange, path, &methods, out);
            return true;
        }
    };
    let case = case_of(
        api,
        operation,
        http.request
            .headers
            .iter()
            .any(|h| h.name.eq_ignore_ascii_case("authorization")),
    );
    // A HEAD request is answered with the head alone of what GET answers (RFC 9110 9.3.2).
    if method == "HEAD" {
        return true;
    }
    if let Ok(mut view) = CallView::read(exchange, bodies, api, &case, None) {
        view.agreed_answer_s = context.agreed_answer_s;
        view.mask = context.mask;
        examine_relayed(&mut view, out);
    }
    true
}

fn case_of(api: &Api, operation: &Operation, authorized: bool) -> ApiCase {
    let needs = api.scope(&operation.id).is_some();
    ApiCase {
        api: api.rules.id.clone(),
        operation: operation.id.clone(),
        variation: if needs && !authorized {
            Variation::NoToken
        } else {
            Variation::None
        },
        ..ApiCase::default()
    }
}
