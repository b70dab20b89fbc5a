//! `renkei agree export`: the sheet that a vendor fills in.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use renkei_core::agreement::{Profile, Settled};
use renkei_core::model::{Lang, Problems, exit};
use renkei_report::{Sheet, SheetRow, sheet_workbook};
use renkei_run::Clock;
use renkei_run::store::write_file;

use super::{Pair, Scope, catalogue_of, read_profile};
use crate::screen;
use crate::trouble::Trouble;

/// Arguments of `agree export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// 記入する側の申告 / profile of the vendor who fills the sheet in
    pub own: PathBuf,
    /// 相手の申告。あれば相手の回答と合意の値も書く / profile of the other side, for its answers and what is agreed
    pub other: Option<PathBuf>,
    /// 記入する側の役割 / role of the vendor who fills the sheet in
    #[arg(long, value_enum, default_value_t = Side::Provider)]
    pub side: Side,
    /// 協議シートを書くファイル / file that the sheet is written to
    #[arg(long, value_name = "FILE", default_value = "kyogi_sheet.xlsx")]
    pub out: PathBuf,
    /// 何について比べるか / what is compared
    #[command(flatten)]
    pub scope: Scope,
}

/// Role of a vendor in a linkage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Side {
    /// 提供側
    Provider,
    /// 利用側
    Consumer,
}

type Scoped = (String, String);

pub(super) fn run(args: &ExportArgs, folders: &[PathBuf], _: Lang) -> Result<u8, Trouble> {
    let mut problems = Problems::new();
    let catalogue = catalogue_of(&args.scope.items, folders, &mut problems);
    let own = read_profile(&args.own, &catalogue, &mut problems);
    let Some((own, _)) = own.filter(|_| problems.is_empty()) else {
        return Err(Trouble::Inputs(problems));
    };
    let pair = match &args.other {
        Some(other) => Some(match args.side {
            Side::Provider => Pair::load(&args.own, other, &args.scope, folders)?,
            Side::Consumer => Pair::load(other, &args.own, &args.scope, folders)?,
        }),
        None => None,
    };
    let other = pair.as_ref().map(|pair| match args.side {
        Side::Provider => &pair.b,
        Side::Consumer => &pair.a,
    });
    let scopes = scopes(&own, other, &args.scope);
    let settled = settled(pair.as_ref(), &scopes, &args.scope);
    let mut rows = Vec::new();
    for item in &catalogue.items {
        for (linkage, exchange) in &scopes {
            let answer = |p: &'_ Profile| {
                p.answers.iter().position(|a| {
                    a.item == item.id && a.linkage == *linkage && a.exchange == *exchange
                })
            };
            let mine = answer(&own).and_then(|at| own.answers.get(at));
            let theirs = other.and_then(|o| answer(o).and_then(|at| o.answers.get(at)));
            let whole = linkage.is_empty() && exchange.is_empty();
            if !whole && mine.is_none() && theirs.is_none() {
                continue;
            }
            let of = settled.get(&(linkage.clone(), exchange.clone()));
            rows.push(SheetRow {
                item,
                linkage,
                exchange,
                own: mine,
                other: theirs,
                settled: of.and_then(|s| s.iter().find(|s| s.item.id == item.id)),
            });
        }
    }
    let sheet = Sheet {
        catalogue: &catalogue,
        rows,
        about: about(args, &own, other),
    };
    write_file(&args.out, &sheet_workbook(&sheet)?)?;
    screen::result(&format!("{}\n", args.out.display()))?;
    Ok(exit::PASSED)
}

/// Scopes that somebody answered for, the general one first.
fn scopes(own: &Profile, other: Option<&Profile>, scope: &Scope) -> Vec<Scoped> {
    let answers = own
        .answers
        .iter()
        .chain(other.into_iter().flat_map(|o| &o.answers));
    let mut scopes: BTreeSet<Scoped> = answers
        .map(|a| (a.linkage.clone(), a.exchange.clone()))
        .collect();
    scopes.insert((String::new(), String::new()));
    let asked = |(linkage, exchange): &Scoped| {
        (scope.linkage.is_empty() || linkage.is_empty() || *linkage == scope.linkage)
            && (scope.exchange.is_empty() || exchange.is_empty() || *exchange == scope.exchange)
    };
    scopes.into_iter().filter(asked).collect()
}

fn settled(
    pair: Option<&Pair>,
    scopes: &[Scoped],
    scope: &Scope,
) -> BTreeMap<Scoped, Vec<Settled>> {
    let Some(pair) = pair else {
        return BTreeMap::new();
    };
    let mut alone = pair.settle(scope);
    alone.retain(|s| s.named_by.is_some());
    let of = |(linkage, exchange): &Scoped| {
        let mut scope = scope.clone();
        if !linkage.is_empty() {
            scope.linkage.clone_from(linkage);
        }
        if !exchange.is_empty() {
            scope.exchange.clone_from(exchange);
        }
        let mut settled = pair.settle(&scope);
        // What only one side answers for stands there as in the comparison of the whole.
        let own = alone.iter().filter(|s| s.linkage == *linkage);
        for one in own {
            settled.retain(|s| s.item.id != one.item.id);
            settled.push(one.clone());
        }
        ((linkage.clone(), exchange.clone()), settled)
    };
    scopes.iter().map(of).collect()
}

fn about(args: &ExportArgs, own: &Profile, other: Option<&Profile>) -> Vec<(&'static str, String)> {
    let now = Clock::system().text();
    let role = match args.side {
        Side::Provider => "提供側",
        Side::Consumer => "利用側",
    };
    let of = |p: &Profile| format!("{} {} {}", p.name.ja, p.system.product, p.system.version);
    let file = |path: &Path| {
        path.file_name()
            .map_or(String::new(), |n| n.to_string_lossy().into_owned())
    };
    let mut about = vec![
        ("書き出した日", now.get(..10).unwrap_or_default().to_owned()),
        ("記入する側", format!("{role} {}", of(own))),
        ("自社の申告", file(&args.own)),
        ("事項の目録", args.scope.items.join(" ")),
    ];
    if let Some(other) = other {
        about.insert(2, ("相手", of(other)));
    }
    about
}
