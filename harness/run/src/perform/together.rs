//! Several calls that belong together: at the same time, and page after page.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

use renkei_core::calls::next_page;
use renkei_core::observe::json_of;
use renkei_core::plan::{Pages, Parallel};
use renkei_core::record::{Header, Origin};
use serde_json::Value;
use url::Url;

use super::Ended;
use super::api_case::{Called, Caller, Obtained, obtain};
use super::outgoing::{Ready, unusable};
use crate::error::RunError;
use crate::http::{Answer, Reply};
use crate::session::{Broke, Session};

/// The same call several times at once, each over its own connection.
pub(super) async fn at_once(
    session: &mut Session<'_>,
    caller: &Caller<'_>,
    parallel: &Parallel,
    first: &Ready,
) -> Result<Ended, Broke> {
    let token = match obtain(session, caller).await? {
        Obtained::None => None,
        Obtained::Token(token) => Some(token),
        Obtained::Ended(ended) => return Ok(ended),
    };
    let mut outgoing = Vec::new();
    let mut logs = Vec::new();
    for n in 1..=parallel.calls {
        let mut ready = first.clone();
        ready.made.origin = Origin::Parallel;
        ready.made.note = format!("parallel {n} of {}", parallel.calls);
        if !parallel.vary.is_empty() {
            let body = ready
                .made
                .body
                .as_deref()
                .and_then(|b| varied(b, &parallel.vary, n));
            ready.made.body = Some(body.ok_or_else(|| unusable(caller.api))?);
        }
        outgoing.push(caller.outgoing(session, &ready, token.as_ref())?);
        logs.push(caller.announce(session, &ready)?);
    }
    let limits = caller.limits(session);
    let sent = {
        let session = &*session;
        all(outgoing
            .iter()
            .map(|o| session.send(caller.at, o, &limits))
            .collect())
        .await
    };
    for ((log, outgoing), answer) in logs.iter().zip(&outgoing).zip(sent) {
        caller.keep(session, log, outgoing, &answer?)?;
    }
    session.go_on()?;
    Ok(None)
}

/// The body with the number of the call appended to one of its texts.
fn varied(body: &[u8], pointer: &str, n: usize) -> Option<Vec<u8>> {
    let mut value: Value = serde_json::from_slice(body).ok()?;
    match value.pointer_mut(pointer)? {
        Value::String(text) => text.push_str(&n.to_string()),
        there @ Value::Number(_) => *there = Value::from(there.as_u64()?.checked_add(n as u64)?),
        _ => return None,
    }
    Some(value.to_string().into_bytes())
}

/// Waits for all of them; every one makes progress meanwhile.
async fn all<F: Future>(futures: Vec<F>) -> Vec<F::Output> {
    let mut running: Vec<Pin<Box<F>>> = futures.into_iter().map(Box::pin).collect();
    let mut done: Vec<Option<F::Output>> = running.iter().map(|_| None).collect();
    poll_fn(|context| {
        let mut open = false;
        for (future, slot) in running.iter_mut().zip(done.iter_mut()) {
            if slot.is_none() {
                match future.as_mut().poll(context) {
                    Poll::Ready(output) => *slot = Some(output),
                    Poll::Pending => open = true,
                }
            }
        }
        if open { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
    done.into_iter().flatten().collect()
}

/// One page after the other, until there is none, one comes again, or the plan's limit is reached.
pub(super) async fn pages(
    session: &mut Session<'_>,
    caller: &Caller<'_>,
    pages: &Pages,
    first: &Ready,
) -> Result<Ended, Broke> {
    let mut ready = first.clone();
    let mut seen: Vec<String> = Vec::new();
    for n in 1..=pages.most.max(1) {
        ready.made.origin = Origin::Page;
        ready.made.note = format!("page {n}");
        let answer = match caller.call(session, &ready).await? {
            Called::Answered(answer) => answer,
            Called::Ended(ended) => return Ok(ended),
        };
        let Some(next) = told(&answer, pages) else {
            return Ok(None);
        };
        let again = seen.contains(&next);
        let at = place(session, caller, pages, &ready, &next)?;
        let (Some(at), false) = (at, again) else {
            return Ok(None); // it leads elsewhere or in a circle: what was recorded shows it
        };
        seen.push(next);
        ready.at = Some(at);
    }
    Ok(None)
}

fn told(answer: &Answer, pages: &Pages) -> Option<String> {
    let reply = answer
        .reply
        .as_ref()
        .filter(|r| r.status.is_success() && answer.fault.is_none())?;
    let headers = headers(reply);
    let body = json_of(&headers, &reply.body);
    next_page(pages, &headers, body.as_ref())
}

/// Headers of an answer as they are recorded, but for secrets: nothing of them is kept here.
pub(super) fn headers(reply: &Reply) -> Vec<Header> {
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    let headers = reply.headers.iter();
    headers
        .map(|(name, value)| Header {
            name: name.as_str().to_owned(),
            value: text(value.as_bytes()),
        })
        .collect()
}

/// Path and query, below the endpoint, of the next page; none when it is on another host.
fn place(
    session: &Session<'_>,
    caller: &Caller<'_>,
    pages: &Pages,
    ready: &Ready,
    next: &str,
) -> Result<Option<String>, RunError> {
    let base = session.end(caller.at).map(|end| end.url.clone());
    let base = base.ok_or_else(|| unusable(caller.api))?;
    let Ok(now) = caller.outgoing(session, ready, None) else {
        return Ok(None);
    };
    let mut url = now.url;
    if pages.cursor.is_empty() {
        let Ok(next) = url.join(next) else {
            return Ok(None);
        };
        url = next;
    } else {
        let others: Vec<(String, String)> = url
            .query_pairs()
            .filter(|(name, _)| *name != pages.cursor)
            .map(|(n, v)| (n.into_owned(), v.into_owned()))
            .collect();
        url.query_pairs_mut()
            .clear()
            .extend_pairs(others)
            .append_pair(&pages.cursor, next);
    }
    Ok(below(&base, &url))
}

fn below(base: &Url, url: &Url) -> Option<String> {
    if base.origin() != url.origin() {
        return None;
    }
    let path = url.path().strip_prefix(base.path().trim_end_matches('/'))?;
    Some(match url.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    })
}
