//! The order of record kinds, `(H D* T)+ E`, as an automaton over positions (Glushkov's construction): the state is the
//! set of positions that the last record may stand at.

use crate::model::Bilingual;

/// The order of record kinds in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sequence {
    /// As written.
    pub text: String,
    /// Kind at each position.
    kinds: Vec<usize>,
    first: u64,
    last: u64,
    follow: Vec<u64>,
    may_be_empty: bool,
    /// Repeated groups, innermost first: kinds in it, kinds that it may begin with.
    groups: Vec<(Vec<usize>, Vec<usize>)>,
}

/// Where a file stands in its sequence; begin with [`Sequence::start`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing(Option<u64>);

/// More record positions than this are refused.
const MAX_POSITIONS: usize = 64;

impl Sequence {
    /// Reads a sequence; `kind` resolves ids.
    ///
    /// # Errors
    /// What is wrong with it, and the byte of `text` where.
    pub fn parse(
        text: &str,
        kind: &dyn Fn(&str) -> Option<usize>,
    ) -> Result<Self, (Bilingual, usize)> {
        let mut parser = Parser {
            text,
            at: 0,
            kind,
            depth: 0,
            out: Self {
                text: text.to_owned(),
                kinds: Vec::new(),
                first: 0,
                last: 0,
                follow: Vec::new(),
                may_be_empty: false,
                groups: Vec::new(),
            },
        };
        let whole = parser.alternatives()?;
        if parser.peek().is_some() {
            return Err(parser.fault("ここに ) は置けません", "`)` has no partner"));
        }
        let mut out = parser.out;
        (out.first, out.last, out.may_be_empty) = (whole.first, whole.last, whole.may_be_empty);
        Ok(out)
    }

    /// Before the first record.
    pub fn start(&self) -> Standing {
        Standing(None)
    }

    /// After one more record of `kind`; `None` when it may not stand there.
    pub fn step(&self, from: Standing, kind: usize) -> Option<Standing> {
        let next = self.reachable(from) & self.positions(kind);
        (next != 0).then_some(Standing(Some(next)))
    }

    /// Where a file stands after an unexpected record of `kind`: at any place of that kind.
    pub fn resume(&self, kind: usize) -> Standing {
        Standing(Some(self.positions(kind)))
    }

    /// Kinds that may come next.
    pub fn expected(&self, from: Standing) -> Vec<usize> {
        let reachable = self.reachable(from);
        let mut kinds: Vec<usize> = Vec::new();
        for (at, kind) in self.kinds.iter().enumerate() {
            if reachable >> at & 1 == 1 && !kinds.contains(kind) {
                kinds.push(*kind);
            }
        }
        kinds
    }

    /// True when the file may end here.
    pub fn may_end(&self, at: Standing) -> bool {
        match at.0 {
            None => self.may_be_empty,
            Some(set) => set & self.last != 0,
        }
    }

    /// The kinds that begin the innermost repeated group with `kind` in it; empty when there is none: the whole file.
    pub fn group_starts(&self, kind: usize) -> &[usize] {
        let group = self.groups.iter().find(|(members, _)| {
            members.contains(&kind) && members.iter().any(|other| *other != kind)
        });
        group.map_or(&[], |(_, starts)| starts)
    }

    /// True when the first place of `kind` comes before the first place of `other`.
    pub fn comes_before(&self, kind: usize, other: usize) -> bool {
        let place = |k| self.kinds.iter().position(|x| *x == k);
        matches!((place(kind), place(other)), (Some(a), Some(b)) if a < b)
    }

    fn reachable(&self, from: Standing) -> u64 {
        match from.0 {
            None => self.first,
            Some(set) => {
                let at_set = |at: &usize| set >> at & 1 == 1;
                (0..self.kinds.len())
                    .filter(at_set)
                    .fold(0, |all, at| all | self.follow[at])
            }
        }
    }

    fn positions(&self, kind: usize) -> u64 {
        let of_kind = |(at, k): (usize, &usize)| if *k == kind { 1u64 << at } else { 0 };
        self.kinds
            .iter()
            .enumerate()
            .map(of_kind)
            .fold(0, |all, bit| all | bit)
    }
}

#[derive(Clone, Copy)]
struct Part {
    first: u64,
    last: u64,
    may_be_empty: bool,
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    kind: &'a dyn Fn(&str) -> Option<usize>,
    depth: usize,
    out: Sequence,
}

impl Parser<'_> {
    fn peek(&mut self) -> Option<char> {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
        self.text[self.at..].chars().next()
    }

    fn fault(&self, ja: &str, en: &str) -> (Bilingual, usize) {
        (Bilingual::new(ja, en), self.at)
    }

    fn link(&mut self, last: u64, first: u64) {
        for (at, follow) in self.out.follow.iter_mut().enumerate() {
            if last >> at & 1 == 1 {
                *follow |= first;
            }
        }
    }

    fn alternatives(&mut self) -> Result<Part, (Bilingual, usize)> {
        let mut all = self.concatenation()?;
        while self.peek() == Some('|') {
            self.at += 1;
            let other = self.concatenation()?;
            all.first |= other.first;
            all.last |= other.last;
            all.may_be_empty |= other.may_be_empty;
        }
        Ok(all)
    }

    fn concatenation(&mut self) -> Result<Part, (Bilingual, usize)> {
        let mut all = Part {
            first: 0,
            last: 0,
            may_be_empty: true,
        };
        while !matches!(self.peek(), None | Some(')' | '|')) {
            let next = self.repeated()?;
            self.link(all.last, next.first);
            if all.may_be_empty {
                all.first |= next.first;
            }
            all.last = if next.may_be_empty {
                all.last | next.last
            } else {
                next.last
            };
            all.may_be_empty &= next.may_be_empty;
        }
        Ok(all)
    }

    fn repeated(&mut self) -> Result<Part, (Bilingual, usize)> {
        let begin = self.out.kinds.len();
        let mut part = self.atom()?;
        while let Some(c @ ('*' | '+' | '?')) = self.peek() {
            self.at += 1;
            part.may_be_empty |= c != '+';
            if c != '?' {
                self.link(part.last, part.first);
                let members = self.out.kinds[begin..].to_vec();
                let starts = (begin..self.out.kinds.len()).filter(|at| part.first >> at & 1 == 1);
                let starts = starts.map(|at| self.out.kinds[at]).collect();
                self.out.groups.push((members, starts));
            }
        }
        Ok(part)
    }

    fn atom(&mut self) -> Result<Part, (Bilingual, usize)> {
        if self.peek() == Some('(') {
            self.at += 1;
            self.depth += 1;
            if self.depth > MAX_POSITIONS {
                return Err(self.fault("括弧の入れ子が深すぎます", "too many nested parentheses"));
            }
            let inner = self.alternatives()?;
            self.depth -= 1;
            if self.peek() != Some(')') {
                return Err(self.fault("閉じる ) がありません", "the closing `)` is missing"));
            }
            self.at += 1;
            return Ok(inner);
        }
        let rest = &self.text[self.at..];
        let is_end = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '*' | '+' | '?' | '|');
        let word = &rest[..rest.find(is_end).unwrap_or(rest.len())];
        let Some(kind) = (self.kind)(word) else {
            return Err(self.fault(
                &format!("レコード種別「{word}」は [[kind]] にありません"),
                &format!("`{word}` is not the id of a [[kind]]"),
            ));
        };
        if self.out.kinds.len() >= MAX_POSITIONS {
            return Err(self.fault("並びが長すぎます（64まで）", "more than 64 places"));
        }
        let bit = 1u64 << self.out.kinds.len();
        self.at += word.len();
        self.out.kinds.push(kind);
        self.out.follow.push(0);
        Ok(Part {
            first: bit,
            last: bit,
            may_be_empty: false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zengin() -> Sequence {
        let parsed = Sequence::parse("(H D* T)+ E", &|k| "HDTE".find(k).filter(|_| k.len() == 1));
        assert!(parsed.is_ok(), "{parsed:?}");
        parsed.unwrap_or_else(|_| unreachable!())
    }

    fn accepts(sequence: &Sequence, kinds: &str) -> bool {
        let mut at = sequence.start();
        for kind in kinds.chars() {
            match "HDTE".find(kind).and_then(|k| sequence.step(at, k)) {
                Some(next) => at = next,
                None => return false,
            }
        }
        sequence.may_end(at)
    }

    #[test]
    fn headers_data_trailers() {
        let sequence = zengin();
        for good in ["HTE", "HDDDTE", "HDTHTE"] {
            assert!(accepts(&sequence, good), "{good}");
        }
        for bad in ["", "HE", "DTE", "HDT", "HDTEE", "HDDE"] {
            assert!(!accepts(&sequence, bad), "{bad}");
        }
        let after_h = sequence.step(sequence.start(), 0);
        assert_eq!(after_h.map(|at| sequence.expected(at)), Some(vec![1, 2]));
        assert_eq!(sequence.group_starts(2), [0]);
        assert!(sequence.group_starts(3).is_empty());
        assert!(sequence.comes_before(1, 2));
    }

    #[test]
    fn faults_have_places() {
        let kind = |k: &str| "HD".find(k).filter(|_| k.len() == 1);
        for (text, at) in [("H X", 2), ("(H D", 4), ("H ) D", 2), ("H ** %", 5)] {
            assert_eq!(
                Sequence::parse(text, &kind).err().map(|f| f.1),
                Some(at),
                "{text}"
            );
        }
        assert!(Sequence::parse(&"(".repeat(10_000), &kind).is_err());
        assert!(Sequence::parse(&"H ".repeat(65), &kind).is_err());
    }
}
