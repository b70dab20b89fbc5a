//! Examples that are XML messages: the small message beside this file, its settings changed by attributes
//! (`encoding=cp932`, `bom=require`, `envelope=soap11`, `depth=3`); `bytes=cp932` is how the text is written where that
//! is another encoding, `charset=…` what the transport says, `mark=utf-8` a byte order mark. The text holds the escapes of
//! file examples.

use crate::check::xml::{Origin, examine as judge, policy};
use crate::check::{Example, Sink};
use crate::encoding::{Encoding, Target};
use crate::mask::Mask;
use crate::model::{CauseKind, Location, Problems};
use crate::observe::XmlView;
use crate::scan::examples::unescape;
use crate::spec::{Files, XmlMessage};

/// The codes that an example raises.
///
/// # Errors
/// What is wrong with the page.
pub(super) fn examine(example: &Example) -> Result<Sink, String> {
    if example.text.starts_with('>') {
        let mut out = Sink::default();
        super::http::examine(example, &mut out)?;
        return Ok(out);
    }
    let message = message(example)?;
    let encoding = |name: &str| Encoding::parse(name).map_err(|fault| fault.message().en);
    let written = match example.attribute("bytes") {
        Some(name) => encoding(name)?,
        None => message.encoding,
    };
    let mut bytes = match example.attribute("mark") {
        Some("utf-8") => b"\xEF\xBB\xBF".to_vec(),
        Some("utf-16le") => b"\xFF\xFE".to_vec(),
        Some("utf-16be") => b"\xFE\xFF".to_vec(),
        _ => Vec::new(),
    };
    for line in example.text.lines() {
        bytes.extend(unescape(line, Target::new(written))?);
        bytes.extend(unescape("\\n", Target::new(written))?);
    }
    let mut out = Sink::new(policy(&message));
    let origin = Origin {
        at: Location::file("example.xml"),
        side: CauseKind::Sender,
        mask: Mask::default(),
    };
    let view = XmlView::read(&message, &bytes, example.attribute("charset"));
    judge(&view, &origin, &mut out);
    Ok(out)
}

pub(super) fn message(example: &Example) -> Result<XmlMessage, String> {
    let mut head = include_str!("xml.toml").to_owned();
    if let Some(encoding) = example.attribute("encoding") {
        head = head.replace("utf-8", encoding);
    }
    for key in ["bom", "envelope"] {
        if let Some(value) = example.attribute(key) {
            head.push_str(&format!("{key} = \"{value}\"\n"));
        }
    }
    if let Some(depth) = example.attribute("depth") {
        head.push_str(&format!("[limits]\ndepth = {depth}\n"));
    }
    let mut files = Files::new();
    files.insert("message.toml", head);
    files.insert("tsuuchi.xsd", include_str!("xml.xsd"));
    let mut problems = Problems::new();
    XmlMessage::load(&files, "selftest", &mut problems).ok_or_else(|| format!("{problems:?}"))
}
