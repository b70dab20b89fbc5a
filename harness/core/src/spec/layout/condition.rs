//! The condition language: `field = value`, `!=`, `<`, `<=`, `>`, `>=`, `field in (a, b)`, `and`, `or`, `not`, parentheses.

use crate::model::Bilingual;

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// The right-hand side of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    /// A value as written; empty means "no value".
    Value(String),
    /// Another field of the same record, by its index in the kind.
    Field(usize),
}

/// A condition over the fields of one record. Fields are indices into the record kind's fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// A field compared with a value or another field.
    Compare(usize, Comparison, Operand),
    /// A field has one of several values.
    In(usize, Vec<String>),
    /// All hold.
    All(Vec<Condition>),
    /// At least one holds.
    Any(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
}

impl Condition {
    /// Gives every field another index.
    pub fn move_fields(&mut self, to: &dyn Fn(usize) -> usize) {
        match self {
            Self::Compare(field, _, operand) => {
                *field = to(*field);
                if let Operand::Field(other) = operand {
                    *other = to(*other);
                }
            }
            Self::In(field, _) => *field = to(*field),
            Self::All(parts) | Self::Any(parts) => {
                for part in parts {
                    part.move_fields(to);
                }
            }
            Self::Not(inner) => inner.move_fields(to),
        }
    }

    /// Reads a condition; `field` resolves names.
    ///
    /// # Errors
    /// What is wrong, and the byte of `text` where.
    pub fn parse(
        text: &str,
        field: &dyn Fn(&str) -> Option<usize>,
    ) -> Result<Self, (Bilingual, usize)> {
        let mut parser = Parser {
            tokens: tokens(text)?,
            next: 0,
            end: text.len(),
            field,
            depth: 0,
        };
        let condition = parser.any()?;
        match parser.peek() {
            None => Ok(condition),
            Some(_) => Err(parser.expected("and / or / 終わり", "`and`, `or` or the end")),
        }
    }

    /// The rule about packs that a fault of [`Self::parse`] breaks: a field that is not there is one, bad grammar is not.
    pub(super) fn rule_of(fault: &Bilingual) -> &'static str {
        if fault.en.starts_with(NO_FIELD) {
            "SPC-010"
        } else {
            ""
        }
    }

    /// The fields it looks at, in the order of writing.
    pub fn fields(&self) -> Vec<usize> {
        match self {
            Self::Compare(field, _, Operand::Field(other)) => vec![*field, *other],
            Self::Compare(field, ..) | Self::In(field, _) => vec![*field],
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::fields).collect(),
            Self::Not(inner) => inner.fields(),
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Quoted(String),
    Op(Comparison),
    Open,
    Close,
    Comma,
}

type Fault = (Bilingual, usize);

/// How the message about a field that is not there begins.
const NO_FIELD: &str = "the record has no field";

/// Conditions nest at most this deep, so that a hostile pack cannot exhaust the stack.
const MAX_DEPTH: usize = 64;

struct Parser<'a> {
    tokens: Vec<(Token, usize)>,
    next: usize,
    end: usize,
    field: &'a dyn Fn(&str) -> Option<usize>,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|(token, _)| token)
    }

    fn place(&self) -> usize {
        self.tokens.get(self.next).map_or(self.end, |(_, at)| *at)
    }

    fn expected(&self, ja: &str, en: &str) -> Fault {
        let message = Bilingual::new(
            format!("条件式のここには {ja} が来ます"),
            format!("the condition needs {en} here"),
        );
        (message, self.place())
    }

    fn keyword(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Word(w)) if w == word);
        self.next += usize::from(found);
        found
    }

    fn token(&mut self, token: &Token) -> bool {
        let found = self.peek() == Some(token);
        self.next += usize::from(found);
        found
    }

    fn any(&mut self) -> Result<Condition, Fault> {
        let mut parts = vec![self.all()?];
        while self.keyword("or") {
            parts.push(self.all()?);
        }
        Ok(single_or(parts, Condition::Any))
    }

    fn all(&mut self) -> Result<Condition, Fault> {
        let mut parts = vec![self.not()?];
        while self.keyword("and") {
            parts.push(self.not()?);
        }
        Ok(single_or(parts, Condition::All))
    }

    fn not(&mut self) -> Result<Condition, Fault> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.expected("より浅い入れ子", "less nesting"));
        }
        let result = if self.keyword("not") {
            self.not().map(|inner| Condition::Not(Box::new(inner)))
        } else if self.token(&Token::Open) {
            self.any().and_then(|inner| {
                if self.token(&Token::Close) {
                    Ok(inner)
                } else {
                    Err(self.expected(")", "`)`"))
                }
            })
        } else {
            self.comparison()
        };
        self.depth -= 1;
        result
    }

    fn comparison(&mut self) -> Result<Condition, Fault> {
        let at = self.place();
        let Some(Token::Word(name)) = self.peek().cloned() else {
            return Err(self.expected("項目名（ローマ字）", "a field name"));
        };
        let Some(field) = (self.field)(&name) else {
            let message = Bilingual::new(
                format!("項目「{name}」はこのレコードにありません"),
                format!("{NO_FIELD} `{name}`"),
            );
            return Err((message, at));
        };
        self.next += 1;
        if self.keyword("in") {
            return self.list().map(|values| Condition::In(field, values));
        }
        let Some(Token::Op(op)) = self.peek().cloned() else {
            return Err(self.expected("= != < <= > >= in のどれか", "= != < <= > >= or `in`"));
        };
        self.next += 1;
        let operand = match self.peek().cloned() {
            Some(Token::Quoted(value)) => Operand::Value(value),
            Some(Token::Word(word)) => {
                (self.field)(&word).map_or(Operand::Value(word), Operand::Field)
            }
            _ => return Err(self.expected("値", "a value")),
        };
        self.next += 1;
        Ok(Condition::Compare(field, op, operand))
    }

    fn list(&mut self) -> Result<Vec<String>, Fault> {
        if !self.token(&Token::Open) {
            return Err(self.expected("(", "`(`"));
        }
        let mut values = Vec::new();
        loop {
            match self.peek().cloned() {
                Some(Token::Word(value) | Token::Quoted(value)) => values.push(value),
                _ => return Err(self.expected("値", "a value")),
            }
            self.next += 1;
            if self.token(&Token::Close) {
                return Ok(values);
            }
            if !self.token(&Token::Comma) {
                return Err(self.expected(", か )", "`,` or `)`"));
            }
        }
    }
}

fn single_or(mut parts: Vec<Condition>, many: fn(Vec<Condition>) -> Condition) -> Condition {
    match (parts.len(), parts.pop()) {
        (1, Some(only)) => only,
        (_, Some(last)) => {
            parts.push(last);
            many(parts)
        }
        (_, None) => many(parts),
    }
}

fn tokens(text: &str) -> Result<Vec<(Token, usize)>, Fault> {
    let mut out = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let follows_equals = matches!(chars.peek(), Some((_, '=')));
        let token = match c {
            c if c.is_whitespace() => continue,
            '(' => Token::Open,
            ')' => Token::Close,
            ',' => Token::Comma,
            '=' => Token::Op(Comparison::Equal),
            '<' if follows_equals => Token::Op(Comparison::LessOrEqual),
            '>' if follows_equals => Token::Op(Comparison::GreaterOrEqual),
            '!' if follows_equals => Token::Op(Comparison::NotEqual),
            '<' => Token::Op(Comparison::Less),
            '>' => Token::Op(Comparison::Greater),
            '\'' => Token::Quoted(quoted(&mut chars, at)?),
            c if is_word(c) => {
                let mut word = c.to_string();
                while let Some((_, c)) = chars.next_if(|(_, c)| is_word(*c)) {
                    word.push(c);
                }
                Token::Word(word)
            }
            c => {
                let message = Bilingual::new(
                    format!("条件式に使えない文字「{c}」があります（値は '…' で囲みます）"),
                    format!("`{c}` cannot stand in a condition; put values into '…'"),
                );
                return Err((message, at));
            }
        };
        if matches!(
            token,
            Token::Op(Comparison::LessOrEqual | Comparison::GreaterOrEqual | Comparison::NotEqual)
        ) {
            chars.next();
        }
        out.push((token, at));
    }
    Ok(out)
}

fn quoted(
    chars: &mut std::iter::Peekable<std::str::CharIndices<'_>>,
    at: usize,
) -> Result<String, Fault> {
    let mut value = String::new();
    while let Some((_, c)) = chars.next() {
        if c != '\'' {
            value.push(c);
        } else if chars.next_if(|(_, c)| *c == '\'').is_some() {
            value.push('\'');
        } else {
            return Ok(value);
        }
    }
    let message = Bilingual::new("閉じる ' がありません", "the closing ' is missing");
    Err((message, at))
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '+' | ':' | '/' | '〓')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Condition, (Bilingual, usize)> {
        Condition::parse(text, &|name| {
            ["a", "b", "c"].iter().position(|f| *f == name)
        })
    }

    #[test]
    fn and_binds_tighter_than_or() {
        let parsed = parse("a = 1 or not (b != '' and c in (x, 'y z'))").ok();
        let none = Operand::Value(String::new());
        let inner = Condition::All(vec![
            Condition::Compare(1, Comparison::NotEqual, none),
            Condition::In(2, vec!["x".into(), "y z".into()]),
        ]);
        let expected = Condition::Any(vec![
            Condition::Compare(0, Comparison::Equal, Operand::Value("1".into())),
            Condition::Not(Box::new(inner)),
        ]);
        assert_eq!(parsed, Some(expected));
    }

    #[test]
    fn a_field_may_stand_on_the_right() {
        assert_eq!(
            parse("a<=b").ok(),
            Some(Condition::Compare(
                0,
                Comparison::LessOrEqual,
                Operand::Field(1)
            ))
        );
    }

    #[test]
    fn faults_have_places() {
        for (text, at) in [
            ("d = 1", 0),
            ("a = ", 4),
            ("a 1", 2),
            ("a = 1 b", 6),
            ("a in (1", 7),
            ("a = 'x", 4),
            ("a = 1 and #", 10),
            ("", 0),
        ] {
            assert_eq!(parse(text).err().map(|(_, at)| at), Some(at), "{text}");
        }
        assert!(parse(&"(".repeat(100_000)).is_err());
        assert!(parse(&"not ".repeat(100_000)).is_err());
    }
}
