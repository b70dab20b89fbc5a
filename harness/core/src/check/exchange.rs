//! Which areas look at an exchange, in which order, and what ends the looking.

use super::sink::Sink;
use super::{api, aut, net};
use crate::observe::{CallView, TokenView};

/// Judges an API call: the way first, then the token's part, then the message. A failure of the way is its one finding.
pub fn examine_call(view: &CallView<'_>, out: &mut Sink) {
    if net::examine(view.exchange, out) {
        return;
    }
    aut::examine_call(view, out);
    api::examine(view, out);
}

/// Judges a token call: the way first, then what the endpoint answered.
pub fn examine_token(view: &TokenView<'_>, out: &mut Sink) {
    if net::examine(view.exchange, out) || api::incomplete(view.exchange, out) {
        return;
    }
    aut::examine_token(view, out);
}
