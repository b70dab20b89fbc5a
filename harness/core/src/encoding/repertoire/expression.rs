//! Set expressions: `cp932-no-ext | U+2460-U+2473`, `(jisx0208 - jisx0208-level2) & no-control`.
//!
//! `&` binds tighter than `|` (or `+` between spaces) and `-`, which are read from left to right. Names hold hyphens, so the operator `-` stands
//! between spaces.

use super::list::{List, range};
use super::named::{NAMED, Set};
use super::ranges::Ranges;
use crate::encoding::dialect::Dialect;
use crate::model::Bilingual;

/// What is wrong with an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpressionFault {
    /// 0-based byte offset in the expression.
    pub at: usize,
    /// What is wrong.
    pub message: Bilingual,
    /// What was expected and how to fix it.
    pub help: Bilingual,
}

/// Nesting deeper than this is refused: input must not be able to exhaust the stack.
const MAX_DEPTH: usize = 50;

pub(super) struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    dialect: Dialect,
    lists: &'a [List],
    /// Lists the expression named, by position in `lists`.
    pub(super) used: Vec<usize>,
    /// What names that nobody knows are taken for: nothing, or (true) everything.
    pub(super) stand_ins: &'a [(String, bool)],
    /// The name that nobody knows, where reading failed for it.
    pub(super) unknown: Option<String>,
}

impl<'a> Parser<'a> {
    pub(super) fn new(text: &'a str, dialect: Dialect, lists: &'a [List]) -> Self {
        Self {
            text,
            at: 0,
            depth: 0,
            dialect,
            lists,
            used: Vec::new(),
            stand_ins: &[],
            unknown: None,
        }
    }

    pub(super) fn whole(&mut self) -> Result<Set, ExpressionFault> {
        let set = self.sum()?;
        self.blank();
        if self.at < self.text.len() {
            return Err(self.fault(
                "演算子（| & -）がありません",
                "an operator (| & -) was expected",
            ));
        }
        Ok(set)
    }

    fn sum(&mut self) -> Result<Set, ExpressionFault> {
        let mut left = self.product()?;
        loop {
            self.blank();
            // People write a union as a sum, too; names hold the sign (mj+), so it stands before a space.
            if self.take('|') || self.take_sum() {
                let right = self.product()?;
                left = union(&left, right);
            } else if self.rest().starts_with("- ") || self.rest().starts_with("-(") {
                self.at += 1;
                let right = self.product()?;
                left.1.retain(|sequence| !right.1.contains(sequence));
                left.0 = left.0.difference(&right.0);
            } else {
                return Ok(left);
            }
        }
    }

    fn product(&mut self) -> Result<Set, ExpressionFault> {
        let mut left = self.atom()?;
        loop {
            self.blank();
            if !self.take('&') {
                return Ok(left);
            }
            let right = self.atom()?;
            left.1.retain(|sequence| right.1.contains(sequence));
            left.0 = left.0.intersection(&right.0);
        }
    }

    fn atom(&mut self) -> Result<Set, ExpressionFault> {
        self.blank();
        if self.take('(') {
            if self.depth >= MAX_DEPTH {
                return Err(self.fault("括弧が深すぎます", "parentheses are nested too deeply"));
            }
            self.depth += 1;
            let set = self.sum()?;
            self.depth -= 1;
            self.blank();
            if !self.take(')') {
                return Err(self.fault("閉じ括弧がありません", "a closing parenthesis is missing"));
            }
            return Ok(set);
        }
        let rest = self.rest();
        let end = rest
            .find(|c: char| c.is_whitespace() || "|&()".contains(c))
            .unwrap_or(rest.len());
        let word = &rest[..end];
        if word.is_empty() {
            return Err(self.fault(
                "文字集合の名前がありません",
                "the name of a set was expected",
            ));
        }
        let set = self.word(word)?;
        self.at += end;
        Ok(set)
    }

    fn word(&mut self, word: &str) -> Result<Set, ExpressionFault> {
        if word.starts_with("U+") {
            return match range(word) {
                Some(range) => Ok((Ranges::of([range]), Vec::new())),
                None => Err(self.fault(
                    "範囲はU+XXXX-U+YYYYと書きます",
                    "a range is written U+XXXX-U+YYYY",
                )),
            };
        }
        if let Some(at) = self.lists.iter().position(|list| list.id == word) {
            if !self.used.contains(&at) {
                self.used.push(at);
            }
            let list = &self.lists[at];
            return Ok((list.ranges.clone(), list.sequences.clone()));
        }
        let is = |name: &&str| name.eq_ignore_ascii_case(word);
        if let Some(named) = NAMED.iter().find(|named| named.names.iter().any(is)) {
            return Ok(named.set(self.dialect));
        }
        match self.stand_ins.iter().find(|(name, _)| name == word) {
            Some((_, true)) => Ok((Ranges::of([(0, 0x10_FFFF)]), Vec::new())),
            Some((_, false)) => Ok((Ranges::default(), Vec::new())),
            None => {
                self.unknown = Some(word.to_owned());
                Err(self.unknown(word))
            }
        }
    }

    fn unknown(&self, word: &str) -> ExpressionFault {
        let names: Vec<&str> = NAMED
            .iter()
            .filter_map(|named| named.names.first().copied())
            .collect();
        let lists: Vec<&str> = self.lists.iter().map(|list| list.id.as_str()).collect();
        let names = [names, lists].concat().join(" ");
        ExpressionFault {
            at: self.at,
            message: Bilingual::new(
                format!("文字集合「{word}」は定義されていません"),
                format!("there is no character set named `{word}`"),
            ),
            help: Bilingual::new(
                format!("使える名前: {names}。MJ・MJ+・IVS・外字の一覧は利用者が用意して渡します"),
                format!(
                    "names that can be used: {names}; lists of MJ, MJ+, IVS and 外字 are supplied by the user"
                ),
            ),
        }
    }

    fn fault(&self, ja: &str, en: &str) -> ExpressionFault {
        let help = Bilingual::new(
            "例: cp932-no-ext | U+2460-U+2473（演算子の - は前後を空けます）",
            "example: cp932-no-ext | U+2460-U+2473 (the operator - stands between spaces)",
        );
        ExpressionFault {
            at: self.at,
            message: Bilingual::new(ja, en),
            help,
        }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn blank(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn take_sum(&mut self) -> bool {
        let found = self.rest().starts_with("+ ");
        self.at += usize::from(found);
        found
    }

    fn take(&mut self, c: char) -> bool {
        let found = self.rest().starts_with(c);
        self.at += usize::from(found);
        found
    }
}

fn union(left: &Set, right: Set) -> Set {
    let mut sequences = left.1.clone();
    sequences.extend(right.1);
    (left.0.union(&right.0), sequences)
}
