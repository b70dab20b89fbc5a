//! XML-006 soap-fault-instead-of-message: see the page.

use super::not_the_agreed_message::payload;
use super::{Origin, hit};
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::model::Location;
use crate::observe::XmlView;
use crate::spec::xml::{Read, SOAP_11, SOAP_12};

/// XML-006
pub(super) const RULE: Rule = Rule {
    code: "XML-006",
    name: "soap-fault-instead-of-message",
    source: include_str!("soap_fault_instead_of_message.md"),
};

/// True when the envelope carries a fault.
pub(super) fn check(view: &XmlView<'_>, read: &Read, origin: &Origin, out: &mut Sink) -> bool {
    let of_soap = |namespace: &str| [SOAP_11, SOAP_12].contains(&namespace);
    let fault = payload(read).filter(|name| name.local == "Fault" && of_soap(&name.namespace));
    let Some(fault) = fault else {
        return false;
    };
    if view.message.root == "Fault" {
        return false; // the fault is what was agreed
    }
    let place = Location {
        xpath: Some("/Envelope/Body/Fault".to_owned()),
        ..view.place(&origin.at, fault.at)
    };
    out.push(
        hit(&RULE, origin, place)
            .expected(view.message.root.clone())
            .observed("Fault"),
    );
    true
}
