//! What two real systems said to each other, seen by a relay: no plan chose the call, so the request is judged too.

use super::sink::Sink;
use super::{api, aut, net};
use crate::observe::{CallView, Difference};
use crate::record::{Exchange, Transfer};

/// Judges how an exchange ended; true when there is no message of either side left to judge.
pub fn examine_way(exchange: &Exchange, out: &mut Sink) -> bool {
    let Transfer::Http(http) = &exchange.transfer else {
        return true;
    };
    net::consumer_tls(exchange, http, out)
        || api::request_broke_off(exchange, http, out)
        || net::examine(exchange, out)
        || api::incomplete(exchange, out)
}

/// Judges an answer beside the recorded one that it repeats.
pub fn examine_drift(exchange: &Exchange, differences: &[Difference], out: &mut Sink) {
    api::drifted(exchange, differences, out);
}

/// Judges a call that fits no operation. `methods`: those documented for the path; empty: no such path.
pub fn examine_undocumented(exchange: &Exchange, path: &str, methods: &[String], out: &mut Sink) {
    if let Transfer::Http(http) = &exchange.transfer {
        api::call_not_documented(exchange, http, path, methods, out);
    }
}

/// Judges both sides of a call: the consumer's request, then the provider's answer in the light of it. The way was judged
/// by [`examine_way`]. The view's case must say `NoToken` for a call without Authorization header.
pub fn examine_relayed(view: &mut CallView<'_>, out: &mut Sink) {
    let conforms = api::examine_request(view, out);
    view.request_conforms = Some(conforms);
    aut::examine_call(view, out);
    api::examine_answer(view, conforms, out);
}
