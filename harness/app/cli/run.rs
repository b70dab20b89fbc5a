//! `renkei run`: the whole line. Load, join, start what the plan plays itself, exchange, judge, report.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use renkei_core::agreement::Settled;
use renkei_core::judge::{Judged, RunHistory, verdict_of};
use renkei_core::model::{Bilingual, Lang, NotRunReason, Problem, Problems, Verdict};
use renkei_core::plan::{Action, Case, DataClass, Setup, Variables};
use renkei_core::record::{Event, ResultDocument, RunFacts, Tool};
use renkei_core::spec::Api;
use renkei_core::spec::layout::{Form, Header, Newline};
use renkei_report::{Format, Options, render, text};
use renkei_run::stand_in::{RecordForm, StandIns};
use renkei_run::store::{Bundle, Tape};
use renkei_run::{Clock, Progress as Step, RunError, Scene, Settings, Stop, perform};

use super::args::{RunArgs, RunFormat};
use super::report_tools::{apply_baseline, read_baseline};
use super::{events, report};
use crate::judging::Judging;
use crate::screen::{self, Progress};
use crate::trouble::Trouble;
use crate::{inputs, privacy, runtime};

/// Reports that every run writes.
const REPORTS: [Format; 4] = [Format::Html, Format::Kadai, Format::Json, Format::Junit];

pub(super) fn run(args: &RunArgs, packs: &[PathBuf], lang: Lang) -> Result<u8, Trouble> {
    let mut problems = Problems::new();
    let inputs = inputs::gather(&args.plan, packs, &mut problems);
    let setup = inputs
        .as_ref()
        .and_then(|inputs| Setup::load(inputs, &mut problems));
    let (Some(inputs), Some(mut setup)) = (inputs, setup) else {
        return Err(Trouble::Inputs(problems));
    };
    guard_personal_data(&setup, args.reveal)?;
    if args.reveal && args.by.trim().is_empty() {
        return Err(Trouble::PersonalData(Bilingual::new(
            "--reveal には実施者コードが要ります。--by コード を付けてください（監査記録に書かれます）。",
            "--reveal needs --by CODE: who does it is written into the audit log.",
        )));
    }
    select(&mut setup, &args.cases)?;
    let known = read_baseline(args.baseline.as_deref())?;
    let key = setup.plan.privacy.key.trim();
    if !key.is_empty() {
        privacy::open(&inputs::folder_of(&args.plan).join(key))?;
    }
    let mut tape = Tape::create(&args.out, Tool::this(), &Clock::system())?;
    if args.reveal {
        super::ledger::log_reveal(&args.out, &args.by, tape.id(), &setup.plan.approval)?;
    }
    report::keep_inputs(&inputs, &setup, &tape)?;
    if let Some((_, bytes)) = &known {
        tape.input(report::BASELINE, bytes)?;
    }
    let mut live = Live::new(&setup, &tape, args, lang)?;
    if live.events {
        events::run_started(tape.id(), &setup.plan.title, setup.plan.cases.len());
    }
    exchange(&args.plan, &setup, &mut tape, &mut live)?;
    let mut document = live.document()?;
    privacy::keep()?;
    apply_baseline(&mut document, known.as_ref());
    let paths = report::write(
        &document,
        &REPORTS,
        Lang::Ja,
        &tape.folder().join("reports"),
    )?;
    tape.finish()?;
    show(&document, &paths, args, lang)?;
    Ok(document.exit_code)
}

/// Real data and readable values need an approval that the plan names.
pub(super) fn guard_personal_data(setup: &Setup, reveal: bool) -> Result<(), Trouble> {
    let plan = &setup.plan;
    if !plan.approval.trim().is_empty() || (plan.data_class != DataClass::Real && !reveal) {
        return Ok(());
    }
    Err(Trouble::PersonalData(Bilingual::new(
        format!(
            "{}: 実データの使用と --reveal には承認番号 approval が要ります。計画に approval = \"…\" を書いてください。",
            plan.file
        ),
        format!(
            "{}: real data and --reveal need an approval number: write approval = \"…\" into the plan.",
            plan.file
        ),
    )))
}

/// Keeps the cases that `--case` names; unknown names are problems.
fn select(setup: &mut Setup, wanted: &[String]) -> Result<(), Trouble> {
    if wanted.is_empty() {
        return Ok(());
    }
    let known: Vec<String> = setup
        .plan
        .cases
        .iter()
        .map(|case| case.id.clone())
        .collect();
    let unknown = wanted.iter().filter(|id| !known.contains(id));
    let problems: Problems = unknown
        .map(|id| {
            Problem::of_file(
                format!("--case {id}"),
                Bilingual::new("この計画にない検査項目です", "no such case in this plan"),
                Bilingual::new(
                    format!("あるもの: {}", known.join(", ")),
                    format!("there are: {}", known.join(", ")),
                ),
            )
        })
        .collect();
    if !problems.is_empty() {
        return Err(Trouble::Inputs(problems));
    }
    setup.plan.cases.retain(|case| wanted.contains(&case.id));
    Ok(())
}

/// Starts what the plan plays itself, performs the cases, stops it again; every fact goes to the tape.
fn exchange(
    plan: &Path,
    setup: &Setup,
    tape: &mut Tape,
    live: &mut Live<'_>,
) -> Result<(), Trouble> {
    let started = |variables: &Variables, tape: &Tape| {
        Event::RunStarted(RunFacts {
            id: tape.id().to_owned(),
            tool: Tool::this(),
            packs: setup.packs.values().map(|pack| pack.stamp()).collect(),
            variables: variables.0.clone(),
        })
    };
    let blocked = setup.blocked();
    let mut plan_left = setup.plan.clone();
    plan_left
        .cases
        .retain(|case| blocked.iter().all(|(b, _)| b.id != case.id));
    if plan_left.cases.is_empty() {
        tape.event(started(&Variables::default(), tape))?;
        leave_out(&blocked, tape)?;
        tape.event(Event::RunEnded { interrupted: false })?;
        return Ok(());
    }
    let base = std::path::absolute(inputs::folder_of(plan))?;
    let work = std::path::absolute(tape.work()?)?;
    let apis = apis(setup);
    let exe = std::env::current_exe()?;
    let none = Variables::default();
    let scene = Scene {
        plan: &plan_left,
        profiles: &setup.profiles,
        apis: &apis,
        base: &base,
        variables: &none,
    };
    runtime::block_on(async {
        let stop = Stop::on_ctrl_c();
        let (stand_ins, variables) = StandIns::start(&scene, &exe, &work, &forms(setup)).await?;
        tape.event(started(&variables, tape))?;
        leave_out(&blocked, tape)?;
        let scene = Scene {
            variables: &variables,
            ..scene
        };
        let outcome = perform(
            &scene,
            &Settings {
                interactive: screen::can_ask(),
                ..Settings::default()
            },
            tape,
            &mut |step| live.step(step),
            &stop,
        )
        .await;
        let stopped = stand_ins.stop().await;
        outcome.and(stopped)
    })??;
    Ok(())
}

/// Notes the cases that an item of their agreement makes senseless: nothing is exchanged in them.
fn leave_out(blocked: &[(&Case, &Settled)], tape: &mut Tape) -> Result<(), RunError> {
    for (case, settled) in blocked {
        tape.event(Event::CaseEnded {
            case: case.id.clone(),
            not_run: Some(NotRunReason::BlockedBy(settled.item.id.clone())),
            tool_error: None,
        })?;
    }
    Ok(())
}

/// The APIs of the plan, as cases name them.
fn apis(setup: &Setup) -> BTreeMap<String, &Api> {
    let mut apis = BTreeMap::new();
    for (id, pack) in &setup.packs {
        for (name, described) in &pack.apis {
            apis.insert(format!("{id}/{name}"), described);
        }
    }
    apis
}

/// How stand-in receivers count records, by `pack/layout`.
fn forms(setup: &Setup) -> BTreeMap<String, RecordForm> {
    let mut forms = BTreeMap::new();
    for (id, pack) in &setup.packs {
        for (name, layout) in &pack.layouts {
            let lead = u64::from(layout.kinds.len() > 1);
            let form = match layout.form {
                Form::Delimited => RecordForm::Lines {
                    header_row: layout.file.header != Header::None,
                    lead,
                },
                Form::Fixed { record_length } => match layout.file.newline {
                    Newline::None => RecordForm::Fixed {
                        bytes: u64::from(record_length),
                        lead,
                    },
                    _ => RecordForm::Lines {
                        header_row: false,
                        lead,
                    },
                },
            };
            forms.insert(format!("{id}/{name}"), form);
        }
    }
    forms
}

fn show(
    document: &ResultDocument,
    paths: &[PathBuf],
    args: &RunArgs,
    lang: Lang,
) -> Result<(), Trouble> {
    let options = Options {
        colour: true, // escape sequences are stripped by the stream where they are not wanted
        max_per_rule: if args.all {
            0
        } else {
            Options::default().max_per_rule
        },
        report_paths: paths
            .iter()
            .map(|path| path.display().to_string())
            .collect(),
        ..Options::default()
    };
    let format = match args.format {
        RunFormat::Text => {
            screen::result(&text::report(document, lang, &options))?;
            return Ok(());
        }
        RunFormat::Jsonl => {
            events::run_finished(document);
            return Ok(());
        }
        RunFormat::Json => Format::Json,
        RunFormat::Sarif => Format::Sarif,
        RunFormat::Junit => Format::Junit,
        RunFormat::Github => Format::Github,
    };
    for artifact in render(document, format, lang, &options)? {
        screen::result(&String::from_utf8_lossy(&artifact.bytes))?;
    }
    Ok(())
}

/// Judges each case as soon as it ended, so that its verdict is seen at once, and keeps the judgements for the document.
struct Live<'a> {
    setup: &'a Setup,
    folder: PathBuf,
    reveal: bool,
    /// Events go to standard output as they happen.
    events: bool,
    progress: Progress,
    judged: BTreeMap<String, Judged>,
    started: BTreeMap<String, Instant>,
}

impl<'a> Live<'a> {
    fn new(setup: &'a Setup, tape: &Tape, args: &RunArgs, lang: Lang) -> Result<Self, Trouble> {
        let progress = Progress::new(lang, setup.plan.cases.len());
        let folder = tape.folder().to_owned();
        Ok(Self {
            setup,
            folder,
            reveal: args.reveal,
            events: args.format == RunFormat::Jsonl,
            progress,
            judged: BTreeMap::new(),
            started: BTreeMap::new(),
        })
    }

    fn case(&self, id: &str) -> Option<&'a Case> {
        self.setup.plan.cases.iter().find(|case| case.id == id)
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Started { case, .. } => {
                self.started.insert(case.clone(), Instant::now());
                if let Some(known) = self.case(case) {
                    if self.events {
                        events::case_started(case, &known.title);
                    }
                    self.progress.started(case, &known.title);
                }
            }
            Step::Waiting {
                case,
                party,
                what,
                left_s,
            } => {
                let left = Duration::from_secs(*left_s);
                if self.events {
                    events::waiting(case, party, what, left);
                }
                self.progress.waiting(case, party, what, left);
            }
            Step::Asking {
                case,
                party,
                instruction,
                wait_s,
            } => {
                if self.events {
                    events::waiting(case, party, instruction, Duration::from_secs(*wait_s));
                }
                self.progress.asking(case, party, instruction, *wait_s);
            }
            Step::Checked(check) => {
                if self.events {
                    events::checked(check);
                }
                self.progress.checked(check);
            }
            Step::Finished { case, .. } => {
                let Some(known) = self.case(case) else { return };
                let took = self
                    .started
                    .get(case)
                    .map_or(Duration::ZERO, Instant::elapsed);
                // What cannot be judged now is judged, and told, when the document is made.
                let verdict = self.judge(known).unwrap_or(Verdict::ToolError);
                if self.events {
                    events::case_finished(case, verdict, took);
                }
                self.progress.ended(case, &known.title, verdict, took);
            }
        }
    }

    fn history(&self) -> Result<(Bundle, RunHistory), Trouble> {
        let bundle = Bundle::open(&self.folder)?;
        let events = bundle.events()?;
        let history = RunHistory::fold(&events.events);
        Ok((bundle, history))
    }

    fn judge(&mut self, case: &Case) -> Result<Verdict, Trouble> {
        let (bundle, history) = self.history()?;
        let Some(known) = history.cases.get(&case.id) else {
            return Ok(Verdict::NotRun);
        };
        if known.tool_error.is_some() {
            return Ok(Verdict::ToolError);
        }
        if known.not_run.is_some() {
            return Ok(Verdict::NotRun);
        }
        if matches!(case.action, Action::NotApplicable(_)) {
            return Ok(Verdict::NotApplicable);
        }
        let judging = Judging::new(
            self.setup,
            &bundle,
            &history.started_at,
            privacy::mask(self.reveal),
        )?;
        let judged = judging.case(case, known)?;
        let verdict = verdict_of(&judged.findings);
        self.judged.insert(case.id.clone(), judged);
        Ok(verdict)
    }

    fn document(self) -> Result<ResultDocument, Trouble> {
        let (bundle, history) = self.history()?;
        let judging = Judging::new(
            self.setup,
            &bundle,
            &history.started_at,
            privacy::mask(self.reveal),
        )?;
        Ok(judging.document_from(&history, self.judged))
    }
}
