use renkei_core::issue::{Agreed, Edit, Human, Priority};

use super::*;
use crate::store::tests_support::scratch;

fn edit(description: &str) -> Edit<'static> {
    Edit {
        human: Human {
            description: description.to_owned(),
            impact: String::new(),
            priority: Priority::Low,
            assignee: String::new(),
            due_on: String::new(),
            state: State::Raised,
            countermeasure: String::new(),
            result: String::new(),
            fault_side: "判定不能".to_owned(),
            fault_agreed: Agreed::Proposed,
        },
        judgement: None,
        by: "p1",
        at: "2026-11-23T00:00:00Z",
        reason: "手で起票",
    }
}

fn raise(register: &mut Register, description: &str) -> Result<(), RunError> {
    register.change(|now| {
        let change = edit(description).raise(now.register.next_number());
        Ok((vec![change.unwrap_or_else(|e| panic!("{e:?}"))], ()))
    })
}

#[test]
fn changes_are_kept_with_their_history() -> Result<(), RunError> {
    let dir = scratch();
    let path = dir.path().join("new/folder/register.sqlite");
    assert!(Register::open_existing(&path).is_err_and(|e| e.is_input()));
    let mut register = Register::open(&path)?;
    raise(&mut register, "一")?;
    register.change(|now| {
        let change = edit("二").upon(&now.register.issues[&1]);
        Ok::<_, RunError>((change.ok().flatten().into_iter().collect(), ()))
    })?;
    drop(register);
    let mut register = Register::open_existing(&path)?;
    let kept = register.read()?;
    assert_eq!(kept.issues[&1].human.description, "二");
    let history = register.history(Some(1))?;
    let told: Vec<_> = history
        .iter()
        .map(|e| (e.version, e.what.as_str(), e.from))
        .collect();
    assert_eq!(
        told,
        [(1, "raised", None), (2, "edited", Some(State::Raised))]
    );
    let base = register.change(|now| Ok::<_, RunError>((Vec::new(), now.at_version(1, 1)?)))?;
    assert_eq!(
        base.map(|issue| issue.human.description).as_deref(),
        Some("一")
    );
    Ok(())
}

#[test]
fn the_database_itself_refuses_to_rewrite_the_past() -> Result<(), RunError> {
    let dir = scratch();
    let path = dir.path().join("r.sqlite");
    let mut register = Register::open(&path)?;
    raise(&mut register, "一")?;
    for sql in [
        "UPDATE history SET by = 'other'",
        "DELETE FROM history",
        "DELETE FROM issues",
        "UPDATE issues SET version = 7",
        "UPDATE issues SET body = '{}'",
        "UPDATE issues SET number = 2, version = 2",
    ] {
        assert!(register.db.execute_batch(sql).is_err(), "{sql}");
    }
    Ok(())
}

#[test]
fn a_refused_change_and_a_stale_one_leave_nothing() -> Result<(), RunError> {
    let dir = scratch();
    let path = dir.path().join("r.sqlite");
    let mut register = Register::open(&path)?;
    raise(&mut register, "一")?;
    let stale = edit("二").upon(&register.read()?.issues[&1]).ok().flatten();
    let stale = stale.unwrap_or_else(|| panic!("a change"));
    let fresh = stale.clone();
    register.change(|_| Ok::<_, RunError>((vec![fresh], ())))?;
    let other = edit("三").raise(2).unwrap_or_else(|e| panic!("{e:?}"));
    let refused = register.change(|_| Ok::<_, RunError>((vec![other, stale], ())));
    assert!(refused.is_err_and(|e| e.message().en.contains("in the meantime")));
    assert_eq!(
        register.read()?.issues.len(),
        1,
        "the whole transaction is undone"
    );
    Ok(())
}

#[test]
fn newer_damaged_and_foreign_files_are_told_and_left_alone() -> Result<(), RunError> {
    let dir = scratch();
    let path = dir.path().join("r.sqlite");
    let mut register = Register::open(&path)?;
    raise(&mut register, "一")?;
    register
        .db
        .pragma_update(None, "user_version", 99)
        .map_err(|e| told(&path, &e))?;
    drop(register);
    let error = Register::open(&path).err().map(|e| e.message().en);
    assert!(error.is_some_and(|e| e.contains("version 99")));

    let text = dir.path().join("text.sqlite");
    std::fs::write(
        &text,
        "not a database, and long enough to be taken for none ".repeat(40),
    )
    .map_err(|e| RunError::writing(&text, e))?;
    let before = std::fs::read(&text).ok();
    let error = Register::open(&text).err().map(|e| e.message().en);
    assert!(error.is_some_and(|e| e.contains("not a register")));
    assert_eq!(std::fs::read(&text).ok(), before);

    let foreign = dir.path().join("foreign.sqlite");
    let db = Connection::open(&foreign).map_err(|e| told(&foreign, &e))?;
    db.execute_batch("CREATE TABLE t (x)")
        .map_err(|e| told(&foreign, &e))?;
    drop(db);
    let error = Register::open(&foreign).err().map(|e| e.message().en);
    assert!(error.is_some_and(|e| e.contains("not a register")));
    Ok(())
}

#[test]
fn every_damaged_page_is_an_error_and_never_a_panic() -> Result<(), RunError> {
    let dir = scratch();
    let path = dir.path().join("r.sqlite");
    let mut register = Register::open(&path)?;
    for n in 0..40 {
        raise(&mut register, &format!("課題 {n}"))?;
    }
    drop(register);
    let sound = std::fs::read(&path).unwrap_or_default();
    let broken = dir.path().join("b.sqlite");
    let mut told_of = 0;
    for page in 1..sound.len() / 4096 {
        let mut bytes = sound.clone();
        bytes[page * 4096..(page + 1) * 4096].fill(0xA5);
        std::fs::write(&broken, &bytes).map_err(|e| RunError::writing(&broken, e))?;
        let read = Register::open(&broken).and_then(|r| Ok((r.read()?, r.history(None)?)));
        told_of += usize::from(read.is_err());
    }
    assert_eq!(told_of, sound.len() / 4096 - 1);
    Ok(())
}

#[test]
fn two_writers_in_one_process_lose_nothing() -> Result<(), RunError> {
    let dir = scratch();
    let path = dir.path().join("r.sqlite");
    std::thread::scope(|scope| {
        for name in ["a", "b", "c"] {
            let path = &path;
            scope.spawn(move || {
                let mut register = Register::open(path).unwrap_or_else(|e| panic!("{e}"));
                for n in 0..10 {
                    raise(&mut register, &format!("{name}{n}")).unwrap_or_else(|e| panic!("{e}"));
                }
            });
        }
    });
    let register = Register::open(&path)?;
    assert_eq!(register.read()?.issues.len(), 30);
    assert_eq!(register.history(None)?.len(), 30);
    Ok(())
}
