//! Bodies that are XML messages of the pack: judged by the XML rules, with the exchange as their place.

use crate::check::sink::Sink;
use crate::check::xml::{Origin, examine};
use crate::model::{CauseKind, Location};
use crate::observe::{CallView, XmlBody, XmlView};

/// Judges the body of an answer.
pub(super) fn answer(view: &CallView<'_>, body: &XmlBody<'_>, out: &mut Sink) {
    judge(view, body, ("response", CauseKind::Receiver), out);
}

/// Judges the body of a request; true when there is nothing against it.
pub(super) fn request(view: &CallView<'_>, out: &mut Sink) -> bool {
    let Some(body) = &view.request_xml else {
        return true;
    };
    judge(view, body, ("request", CauseKind::Sender), out)
}

/// The first thing against the body of a request: code of the rule and place in the document.
pub(super) fn first_fault(view: &CallView<'_>) -> Option<(String, String)> {
    let mut out = Sink::default();
    request(view, &mut out);
    let first = out.into_findings().into_iter().next()?;
    Some((first.rule, first.location.xpath.unwrap_or_default()))
}

fn judge(
    view: &CallView<'_>,
    body: &XmlBody<'_>,
    (part, side): (&str, CauseKind),
    out: &mut Sink,
) -> bool {
    let origin = Origin {
        at: Location {
            file: Some(format!("{part} body")),
            ..view.place()
        },
        side,
        mask: view.mask,
    };
    let before = out.len();
    let view = XmlView::read(body.message, &body.bytes, body.charset.as_deref());
    examine(&view, &origin, out);
    out.len() == before
}
