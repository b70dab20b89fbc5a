//! Shared strings: rich text joined, ruby left out, struck-through runs noted.

use renkei_core::model::Bilingual;

use super::xml::{Tag, flag, walk};

/// One text of the workbook.
#[derive(Clone, Debug, Default)]
pub(super) struct Text {
    pub(super) text: String,
    pub(super) struck: bool,
}

/// Collects the `<t>` of an `<si>` or `<is>`, skipping `<rPh>`.
#[derive(Default)]
pub(super) struct Collector {
    now: Text,
    in_ruby: bool,
    in_text: bool,
}

impl Collector {
    /// Takes one tag inside the element.
    pub(super) fn see(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::Open("rPh", _) => self.in_ruby = true,
            Tag::Close("rPh") => self.in_ruby = false,
            Tag::Open("t", _) => self.in_text = true,
            Tag::Close("t") => self.in_text = false,
            Tag::Open("strike", element) => {
                self.now.struck |= flag(element, "val").unwrap_or(true);
            }
            Tag::Text(text) if self.in_text && !self.in_ruby => self.now.text.push_str(text),
            _ => {}
        }
    }

    /// The text so far; the collector begins anew.
    pub(super) fn take(&mut self) -> Text {
        *self = Self {
            now: std::mem::take(&mut self.now),
            ..Self::default()
        };
        let mut done = std::mem::take(&mut self.now);
        done.text = unescape(&done.text);
        done
    }
}

/// The shared strings in order.
pub(super) fn read(xml: &str) -> Result<Vec<Text>, Bilingual> {
    let (mut texts, mut collector, mut inside) = (Vec::new(), Collector::default(), false);
    walk(xml, |tag| {
        match &tag {
            Tag::Open("si", _) => inside = true,
            Tag::Close("si") => {
                inside = false;
                texts.push(collector.take());
            }
            tag if inside => collector.see(tag),
            _ => {}
        }
        Ok(())
    })?;
    Ok(texts)
}

/// `_x000D_` stands for the character U+000D, `_x005F_` for an underscore (ECMA-376 part 1, 22.9.2.19); line ends
/// become `\n`.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let code = from
            .get(2..6)
            .filter(|_| from.get(6..7) == Some("_"))
            .and_then(|hex| u32::from_str_radix(hex, 16).ok())
            .and_then(char::from_u32);
        match code {
            Some(c) => {
                out.push(c);
                rest = from.get(7..).unwrap_or("");
            }
            None => {
                out.push_str("_x");
                rest = from.get(2..).unwrap_or("");
            }
        }
    }
    out.push_str(rest);
    out.replace("\r\n", "\n").replace('\r', "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ruby_is_no_part_of_the_text() {
        let xml = "<sst><si><r><t>項</t></r><r><rPr><strike/></rPr><t>番</t></r><rPh sb=\"0\" eb=\"2\"><t>コウバン</t></rPh></si><si><t>a_x000D_\nb_x005F_x</t></si></sst>";
        let texts = read(xml).expect("well-formed");
        assert_eq!((texts[0].text.as_str(), texts[0].struck), ("項番", true));
        assert_eq!(texts[1].text, "a\nb_x");
    }

    #[test]
    fn entities_of_others_are_refused() {
        assert!(read("<!DOCTYPE x [<!ENTITY a \"b\">]><sst><si><t>&a;</t></si></sst>").is_err());
        assert!(read("<sst><si><t>&a;</t></si></sst>").is_err());
        assert_eq!(
            read("<sst><si><t>&lt;&#65;</t></si></sst>").expect("fine")[0].text,
            "<A"
        );
    }
}
