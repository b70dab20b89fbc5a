//! Three-way merge of what people own: base (what the sheet was exported from), ours (the sheet), theirs (the register
//! now).

use super::entry::Human;
use super::states::{Agreed, Priority, State};

/// A field that both sides changed, to different values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    /// 物理名 of the column, `due_on`.
    pub field: &'static str,
    /// 項目名 of the column, 対応期限.
    pub title: &'static str,
    /// Value that both began with.
    pub base: String,
    /// Value in the sheet.
    pub ours: String,
    /// Value in the register.
    pub theirs: String,
}

/// What a merge gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// All fields; where sides clash, the register's value.
    pub human: Human,
    /// 物理名 of the fields that the sheet changes in the register.
    pub changed: Vec<&'static str>,
    /// Fields for people to decide; nothing may be taken over while there are any.
    pub clashes: Vec<Clash>,
}

/// One column: its name, how to read and how to set it, as the word in the register.
struct Column {
    field: &'static str,
    title: &'static str,
    get: fn(&Human) -> String,
    set: fn(&mut Human, &Human),
}

const COLUMNS: [Column; 10] = [
    Column {
        field: "description",
        title: "課題内容",
        get: |h| h.description.clone(),
        set: |to, from| to.description.clone_from(&from.description),
    },
    Column {
        field: "impact",
        title: "影響",
        get: |h| h.impact.clone(),
        set: |to, from| to.impact.clone_from(&from.impact),
    },
    Column {
        field: "priority",
        title: "優先度",
        get: |h| Priority::word(h.priority).to_owned(),
        set: |to, from| to.priority = from.priority,
    },
    Column {
        field: "assignee_code",
        title: "担当者",
        get: |h| h.assignee.clone(),
        set: |to, from| to.assignee.clone_from(&from.assignee),
    },
    Column {
        field: "due_on",
        title: "対応期限",
        get: |h| h.due_on.clone(),
        set: |to, from| to.due_on.clone_from(&from.due_on),
    },
    Column {
        field: "status",
        title: "対応状況",
        get: |h| State::word(h.state).to_owned(),
        set: |to, from| to.state = from.state,
    },
    Column {
        field: "countermeasure",
        title: "対応策",
        get: |h| h.countermeasure.clone(),
        set: |to, from| to.countermeasure.clone_from(&from.countermeasure),
    },
    Column {
        field: "result",
        title: "対応結果",
        get: |h| h.result.clone(),
        set: |to, from| to.result.clone_from(&from.result),
    },
    Column {
        field: "fault_side",
        title: "責任区分",
        get: |h| h.fault_side.clone(),
        set: |to, from| to.fault_side.clone_from(&from.fault_side),
    },
    Column {
        field: "fault_agreed",
        title: "責任区分の確定",
        get: |h| Agreed::word(h.fault_agreed).to_owned(),
        set: |to, from| to.fault_agreed = from.fault_agreed,
    },
];

/// Merges field by field: what only one side changed is taken, what both changed alike is fine, the rest clashes.
pub fn three_way(base: &Human, ours: &Human, theirs: &Human) -> Merged {
    let mut merged = Merged {
        human: theirs.clone(),
        changed: Vec::new(),
        clashes: Vec::new(),
    };
    for column in &COLUMNS {
        let (was, sheet, now) = ((column.get)(base), (column.get)(ours), (column.get)(theirs));
        if sheet == was || sheet == now {
            continue;
        }
        if now == was {
            (column.set)(&mut merged.human, ours);
            merged.changed.push(column.field);
        } else {
            merged.clashes.push(Clash {
                field: column.field,
                title: column.title,
                base: was,
                ours: sheet,
                theirs: now,
            });
        }
    }
    merged
}
