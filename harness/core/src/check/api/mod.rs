//! API: method, path, status, headers, body.

mod ambiguous_request_accepted;
mod answer_drifted;
mod answer_incomplete;
mod answer_too_late;
mod body_not_json;
mod body_not_readable_here;
mod body_violates_schema;
mod call_not_documented;
mod character_lost_in_answer;
mod duplicate_json_key;
mod error_contract_broken;
mod header_missing;
mod header_not_as_documented;
mod invalid_request_accepted;
mod item_not_as_declared;
mod made_request_refused;
mod media_type_not_as_documented;
mod number_loses_precision;
mod request_broke_off;
mod request_not_as_documented;
mod request_not_as_intended;
mod server_error_answered;
mod undocumented_field;
mod undocumented_parameter;
mod undocumented_status;
mod unexpected_status;

use super::rule::Rule;
use super::sink::Sink;
use super::{expectation, folding, parameters, place, shape, violation, xml_body};
use crate::observe::{BodyView, CallView, ResponseView};

pub(super) use answer_drifted::check as drifted;
pub(super) use answer_incomplete::check as incomplete;
pub(super) use call_not_documented::check as call_not_documented;
pub(super) use request_broke_off::check as request_broke_off;
pub(super) use request_not_as_intended::holds_needed_scope;

/// Rules of the area, in the order of codes.
pub(super) const RULES: &[&Rule] = &[
    &unexpected_status::RULE,
    &undocumented_status::RULE,
    &media_type_not_as_documented::RULE,
    &body_not_json::RULE,
    &body_violates_schema::RULE,
    &error_contract_broken::RULE,
    &header_missing::RULE,
    &answer_too_late::RULE,
    &answer_incomplete::RULE,
    &duplicate_json_key::RULE,
    &undocumented_field::RULE,
    &invalid_request_accepted::RULE,
    &body_not_readable_here::RULE,
    &number_loses_precision::RULE,
    &request_not_as_intended::RULE,
    &ambiguous_request_accepted::RULE,
    &made_request_refused::RULE,
    &item_not_as_declared::RULE,
    &character_lost_in_answer::RULE,
    &undocumented_parameter::RULE,
    &header_not_as_documented::RULE,
    &call_not_documented::RULE,
    &request_not_as_documented::RULE,
    &request_broke_off::RULE,
    &server_error_answered::RULE,
    &answer_drifted::RULE,
];

/// Judges the answer to one call. What explains what is decided here:
/// an answer that broke off has no other findings; a request that is not what the case needs proves nothing about the
/// answer; a body is judged only against what is documented for its own status; a body that is not JSON has no schema.
pub fn examine(view: &CallView<'_>, out: &mut Sink) {
    if incomplete(view.exchange, out) {
        return;
    }
    let Some(response) = &view.response else {
        return; // NET says why nothing came
    };
    if super::net::leads_elsewhere(view.http).is_some() {
        return; // NET-005
    }
    if request_not_as_intended::check(view, response, out) {
        return;
    }
    answer_too_late::check(view, out);
    unexpected_status::check(view, response, out);
    undocumented_status::check(view, response, out);
    invalid_request_accepted::check(view, response, out);
    ambiguous_request_accepted::check(view, response, out);
    made_request_refused::check(view, response, out);
    examine_message(view, response, out);
}

/// Judges the request of a call that no plan made; true when it is as documented.
pub(super) fn examine_request(view: &CallView<'_>, out: &mut Sink) -> bool {
    undocumented_parameter::check(view, out);
    let documented = request_not_as_documented::check(view, out);
    xml_body::request(view, out) && documented
}

/// Judges the answer to a call that no plan made. `conforms`: its request is as documented.
pub(super) fn examine_answer(view: &CallView<'_>, conforms: bool, out: &mut Sink) {
    let Some(response) = &view.response else {
        return;
    };
    answer_too_late::check(view, out);
    if response.documented.is_none() && !(response.succeeded() && view.refusal_is_due()) {
        undocumented_status::push(view, response, out);
    }
    if conforms {
        server_error_answered::check(view, response, out);
    }
    examine_message(view, response, out);
}

fn examine_message(view: &CallView<'_>, response: &ResponseView<'_>, out: &mut Sink) {
    let Some(documented) = response.documented else {
        return;
    };
    header_missing::check(view, response, documented, out);
    header_not_as_documented::check(view, response, documented, out);
    let free = view
        .api
        .rules
        .media
        .may_be_other_than_json(response.http.status);
    if documented.content.is_empty() || (free && response.json().is_none()) {
        return;
    }
    body_not_readable_here::check(view, response, out);
    let foreign = media_type_not_as_documented::check(view, response, out);
    match &response.body {
        BodyView::Json(json) => {
            duplicate_json_key::check(view, json, out);
            number_loses_precision::check(view, json, out);
            let violations = violation::of(view, response, json);
            body_not_readable_here::check_patterns(view, json, &violations, out);
            body_violates_schema::check(view, json, &violations, out);
            error_contract_broken::check(view, response, json, &violations, out);
            undocumented_field::check(view, response, json, out);
            if response.succeeded() {
                item_not_as_declared::check(view, response, json, &violations, out);
                character_lost_in_answer::check(view, json, out);
            }
        }
        BodyView::Xml(body) => xml_body::answer(view, body, out),
        // Documented as something else than JSON, without an XML message: nothing here can judge it.
        BodyView::NotJson(_) if response.content().is_some_and(|c| !c.media_type.is_json()) => {}
        _ if foreign => {} // the media type says that it is something else
        _ => body_not_json::check(view, response, out),
    }
}
