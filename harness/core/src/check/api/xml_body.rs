//! Bodies that are XML messages of the pack: judged by the XML rules, with the exchange as their place.

use crate::check::sink::Sink;
use crate::check::xml::{Origin, examine};
use crate::mask::Mask;
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
        mask: Mask::default(),
    };
    let before = out.len();
    let view = XmlView::read(body.message, &body.bytes, body.charset.as_deref());
    examine(&view, &origin, out);
    out.len() == before
}
