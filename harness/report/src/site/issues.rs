//! The issue register: all issues with the nine mandated columns in their order, one page for each issue, and where they stand.

mod one;

use std::collections::{BTreeMap, BTreeSet};

use renkei_core::issue::{Issue, Priority, State, result_in_both};
use renkei_core::model::{Bilingual, Lang};

use super::filter;
use super::layout::{Cell, Page, Row, Table};
use super::{Run, crumbs};
use crate::kadai::Snapshot;
use crate::{Options, issue_words as wording, issues, moment, words};

/// Issues over the runs of the site.
pub(super) struct Issues<'a> {
    pub(super) runs: &'a [Run<'a>],
    /// Drafts of the runs where there is no register.
    pub(super) issues: Vec<Issue>,
    /// The register itself.
    pub(super) register: Option<&'a Snapshot<'a>>,
    /// As of when ages and due dates count, RFC 3339.
    pub(super) now: String,
    pub(super) lang: Lang,
    pub(super) options: &'a Options,
}

impl<'a> Issues<'a> {
    /// Of a register, else of the runs alone.
    pub(super) fn of(
        runs: &'a [Run<'a>],
        register: Option<&'a Snapshot<'a>>,
        lang: Lang,
        options: &'a Options,
    ) -> Self {
        let documents: Vec<_> = runs.iter().map(|run| run.doc).collect();
        let last = documents.last().map(|doc| doc.run.finished_at.clone());
        Self {
            runs,
            issues: register.map_or_else(
                || issues::drafts(&documents),
                |r| r.issues.iter().map(|i| (*i).clone()).collect(),
            ),
            register,
            now: register.map_or_else(|| last.unwrap_or_default(), |r| r.at.clone()),
            lang,
            options,
        }
    }

    fn w(&self, key: &str) -> String {
        words::of(self.lang, "site", key)
    }

    /// Today in the zone of the options.
    fn today(&self) -> String {
        let now = moment::local(&self.now, self.options);
        now.map_or_else(String::new, |at| at.date().to_string())
    }

    pub(super) fn day(&self, rfc3339: &str) -> String {
        let day = moment::local(rfc3339, self.options);
        day.map_or_else(String::new, |at| at.date().to_string())
    }

    fn age(&self, issue: &Issue) -> Option<u64> {
        issues::age(issue, &self.now, self.options)
    }

    pub(super) fn state(&self, state: State) -> String {
        Bilingual::new(state.word(), state.as_str())
            .get(self.lang)
            .to_owned()
    }

    /// A party's name as the latest run that knows it has it.
    fn party(&self, id: &str) -> String {
        let known = |run: &&Run<'_>| run.doc.parties.iter().any(|p| p.id == id);
        match self.runs.iter().rev().find(known) {
            Some(run) => crate::pairs::name(run.doc, id, self.lang),
            None => id.to_owned(),
        }
    }

    /// Open issues that name a party, and those of them that are overdue.
    pub(super) fn open_of(&self, party: &str) -> (u64, u64) {
        let today = self.today();
        let of = self.issues.iter().filter(|issue| {
            issue.human.state.is_open()
                && issue
                    .machine
                    .as_ref()
                    .is_some_and(|m| m.sender == party || m.receiver == party)
        });
        of.fold((0, 0), |(open, late), issue| {
            (open + 1, late + u64::from(issue.is_overdue(&today)))
        })
    }

    /// Open issues that name one of the parties, from a page one folder down.
    pub(super) fn of_parties(&self, parties: &BTreeSet<String>) -> Table {
        let named = |issue: &&Issue| {
            let machine = issue.machine.as_ref();
            issue.human.state.is_open()
                && machine
                    .is_some_and(|m| parties.contains(&m.sender) || parties.contains(&m.receiver))
        };
        let rows = self.issues.iter().filter(named).map(|issue| {
            Row::of(vec![
                Cell::link(format!("../{}", page_of(issue)), issue.id()),
                wording::description(issue, self.lang).into(),
                wording::priority(issue.human.priority, self.lang).into(),
                issue.human.due_on.as_str().into(),
                self.state(issue.human.state).into(),
                marks(self, issue).join(" ").into(),
            ])
        });
        let columns = [
            "issue",
            "description",
            "priority",
            "due",
            "issue_state",
            "marks",
        ];
        Table {
            id: "open_issues",
            title: self.w("open_issue_list"),
            columns: columns.map(|key| self.w(key)).into(),
            rows: rows.collect(),
            ..Table::default()
        }
    }

    /// The issue of a finding in a run: its page below the site's folder and its number.
    pub(super) fn of_finding(&self, run: &str, finding: &str) -> Option<(String, String)> {
        let issue = self.issues.iter().find(|issue| {
            issue.last_run() == run && issue.machine.as_ref().is_some_and(|m| m.finding == finding)
        })?;
        Some((page_of(issue), issue.id()))
    }
}

/// The page of an issue below the site's folder.
pub(super) fn page_of(issue: &Issue) -> String {
    format!("issues/{}.html", issue.id())
}

/// The list and every issue.
pub(super) fn pages(all: &Issues<'_>) -> Vec<Page> {
    let mut pages = vec![list(all)];
    pages.extend(all.issues.iter().map(|issue| one::page(all, issue)));
    pages
}

fn list(all: &Issues<'_>) -> Page {
    let mut rows: Vec<Row> = all.issues.iter().map(|issue| row(all, issue)).collect();
    let names = [
        "issue_state",
        "priority",
        "side",
        "linkage",
        "rule",
        "marks",
    ];
    let filter = filter::fields(&mut rows, &names, all.lang, |name, value| match name {
        "issue_state" => State::parse(value).map_or_else(String::new, |s| all.state(s)),
        "side" => wording::side(value, all.lang),
        "priority" => {
            Priority::parse(value).map_or_else(String::new, |p| wording::priority(p, all.lang))
        }
        _ => value.to_owned(),
    });
    let columns = [
        "issue",
        "description",
        "impact",
        "priority",
        "occurred",
        "assignee",
        "due",
        "issue_state",
        "countermeasure",
        "result",
        "rule",
        "linkage",
        "hits",
        "again",
        "marks",
    ];
    let note = if all.register.is_some() {
        "issues_note"
    } else {
        "issues_drafts_note"
    };
    Page {
        path: "issues.html".into(),
        title: all.w("issues"),
        data_class: super::across::data_classes(all.runs, all.lang),
        crumbs: crumbs(0, all.lang),
        notes: vec![all.w(note)],
        filter,
        tables: vec![
            board(all),
            Table {
                id: "issues",
                title: all.w("issues"),
                columns: columns.map(|key| all.w(key)).into(),
                rows,
                ..Table::default()
            },
        ],
    }
}

/// What an issue stands out by: overdue, seen again after approval, approval proposed, accepted for now.
fn marks(all: &Issues<'_>, issue: &Issue) -> Vec<String> {
    let today = all.today();
    let held = [
        ("overdue", issue.is_overdue(&today)),
        ("reopened", issue.reopened > 0),
        ("approval_proposed", issue.proposed_approval),
        (
            "waived",
            issue.waiver.as_ref().is_some_and(|w| w.holds_on(&today)),
        ),
    ];
    let held = held.into_iter().filter(|(_, held)| *held);
    held.map(|(key, _)| all.w(key)).collect()
}

fn row(all: &Issues<'_>, issue: &Issue) -> Row {
    let human = &issue.human;
    let machine = |get: fn(&renkei_core::issue::Machine) -> &String| {
        issue.machine.as_ref().map(get).cloned().unwrap_or_default()
    };
    let marks = marks(all, issue);
    Row {
        id: issue.id(),
        data: vec![
            ("issue_state", human.state.as_str().to_owned()),
            ("priority", human.priority.word().to_owned()),
            ("side", human.fault_side.clone()),
            ("linkage", machine(|m| &m.linkage)),
            ("rule", machine(|m| &m.rule)),
            ("marks", marks.first().cloned().unwrap_or_default()),
        ],
        cells: vec![
            Cell::link(page_of(issue), issue.id()),
            wording::description(issue, all.lang).into(),
            wording::impact(issue, all.lang).into(),
            wording::priority(human.priority, all.lang).into(),
            all.day(&issue.occurred_at).into(),
            human.assignee.as_str().into(),
            human.due_on.as_str().into(),
            all.state(human.state).into(),
            human.countermeasure.as_str().into(),
            result_in_both(&human.result).get(all.lang).into(),
            machine(|m| &m.rule).into(),
            machine(|m| &m.linkage).into(),
            Cell::number(issue.hits()),
            Cell::number(u64::from(issue.reopened)),
            marks.join(" ").into(),
        ],
        ..Row::default()
    }
}

/// 起票 → 検討 → 対応 → 承認: how many stand where and for how long.
fn board(all: &Issues<'_>) -> Table {
    let today = all.today();
    let mut by_state: BTreeMap<State, Vec<&Issue>> = BTreeMap::new();
    for issue in &all.issues {
        by_state.entry(issue.human.state).or_default().push(issue);
    }
    let rows = State::ALL.iter().map(|state| {
        let of = by_state.get(state).cloned().unwrap_or_default();
        let mut ages: Vec<u64> = of.iter().filter_map(|issue| all.age(issue)).collect();
        ages.sort_unstable();
        let late = of.iter().filter(|issue| issue.is_overdue(&today)).count();
        let age = |at: Option<&u64>| at.map_or_else(Cell::no_number, |days| Cell::number(*days));
        Row::of(vec![
            all.state(*state).into(),
            Cell::number(of.len() as u64),
            age(ages.get(ages.len() / 2)),
            age(ages.last()),
            Cell::number(late as u64),
        ])
    });
    let columns = [
        "issue_state",
        "issue_count",
        "age_median",
        "age_oldest",
        "overdue_count",
    ];
    Table {
        id: "board",
        title: all.w("board"),
        note: all.w("board_note"),
        columns: columns.map(|key| all.w(key)).into(),
        rows: rows.collect(),
        ..Table::default()
    }
}

/// By week: raised, approved, seen again after approval; for the page of trends.
pub(super) fn by_week(all: &Issues<'_>) -> Table {
    let mut weeks: BTreeMap<jiff::civil::Date, [u64; 3]> = BTreeMap::new();
    let mut count = |at: &str, which: usize| {
        let Some(day) = moment::local(at, all.options).map(|at| at.date()) else {
            return;
        };
        let back = i64::from(day.weekday().to_monday_zero_offset());
        let Ok(monday) = day.checked_sub(jiff::Span::new().days(back)) else {
            return;
        };
        if let Some(n) = weeks.entry(monday).or_default().get_mut(which) {
            *n += 1;
        }
    };
    for issue in &all.issues {
        count(&issue.occurred_at, 0);
        if !issue.closed_at.is_empty() {
            count(&issue.closed_at, 1);
        }
    }
    for line in all.register.iter().flat_map(|r| &r.history) {
        if line.before == Some(State::Approved) && line.after.is_open() {
            count(&line.at, 2);
        }
    }
    let rows = weeks.into_iter().map(|(monday, counts)| {
        let mut cells = vec![Cell::from(monday.to_string())];
        cells.extend(counts.map(Cell::number));
        Row::of(cells)
    });
    Table {
        id: "issues_by_week",
        title: all.w("issues_by_week"),
        columns: ["week", "week_raised", "week_approved", "week_reopened"]
            .map(|key| all.w(key))
            .into(),
        rows: rows.collect(),
        ..Table::default()
    }
}
