//! Crowds: an instance in which many paths wait is kept in parts, and an answer costs what it
//! changes, however many others wait.

use activities::Submission;
use engine::{PathId, PathState};
use storage::Table;

use super::*;
use crate::instance::{self, Kept, question};

/// A process in which so many end users are asked at once.
fn crowd(count: usize) -> String {
    format!(
        "
name: crowd{count}
steps:
  - activity: customDataForm
    with: {{ dataFormName: question, dataFormVersion: 1, formDataKey: \"form${{loopCounter}}\" }}
    each: {{ times: {count} }}
    on:
      - {{ timer: PT1H, then: late }}
  - {{ id: done, end: Done }}
  - {{ id: late, end: Late }}
"
    )
}

impl House {
    async fn kept(&self, id: &str) -> Kept {
        instance::read(&self.rooms, &mut self.rooms.unit(), id).await.unwrap()
    }

    /// Whether an instance has a snapshot, and the paths that have questions in rows of their own.
    async fn apart(&self, id: &str) -> (bool, Vec<u32>) {
        let unit = self.rooms.unit();
        let snapshots = Table::<Value>::new("process-instance-snapshots");
        let questions = Table::<Value>::new("process-instance-questions");
        let snapshot = unit.peek(&snapshots, id).await.unwrap();
        let rows = unit.list(&questions, storage::Range::prefix(id), usize::MAX).await.unwrap();
        let path = |key: &storage::Key| {
            let mut parts = key.read();
            parts.text().unwrap();
            u32::try_from(parts.number().unwrap()).unwrap()
        };
        (snapshot.is_some(), rows.iter().map(|(key, _)| path(key)).collect())
    }

    /// An answer to what a path asks.
    async fn answer_at(&self, id: &str, path: u32) -> Answer {
        let kept = self.kept(id).await;
        let ask = question::find(&self.rooms.unit(), &kept, PathId::from(path)).await.unwrap();
        let ask = ask.expect("the path asks");
        let data = json!({"answer": "yes"}).as_object().unwrap().clone();
        let submission = Submission { data, ..Submission::default() };
        Answer { topic: ask.topic, nonce: ask.nonce, submission }
    }

    /// Answers so many questions, each the oldest there is.
    async fn answer_some(
        &self,
        id: &str,
        secret: &str,
        mut at: Presented,
        count: usize,
    ) -> Presented {
        for _ in 0..count {
            at = self.rooms.submit(id, Some(secret), answer(&at, "yes")).await.unwrap();
            assert!(!at.stale);
        }
        at
    }
}

fn waiting(kept: &Kept) -> Vec<u32> {
    let waits = |(id, path): (PathId, &engine::Path)| {
        (*path.state() == PathState::Waiting).then_some(id.number())
    };
    kept.engine.paths().filter_map(waits).collect()
}

#[tokio::test]
async fn an_answer_in_a_large_crowd_costs_as_many_bytes_as_in_a_small_one() {
    let house = house().await;
    let mut per_answer = Vec::new();
    for count in [300, 1200] {
        let (id, secret, first) = house.opened(&crowd(count), json!({})).await;
        let before = house.runtime.store_figures();
        let done = house.answer_some(&id, &secret, first, count).await;
        assert!(matches!(done.screen, Screen::Ended { outcome: Outcome::Accepted, .. }));
        let after = house.runtime.store_figures();
        let bytes = |from: u64, to: u64| (to - from) as f64 / count as f64;
        per_answer.push((
            bytes(before.bytes_written, after.bytes_written),
            bytes(before.bytes_read, after.bytes_read),
        ));
    }
    let [(written, read), (written_by_more, read_by_more)] = per_answer[..] else { panic!() };
    assert!(written_by_more < written * 1.2, "{per_answer:?}");
    assert!(read_by_more < read * 1.2, "{per_answer:?}");
}

#[tokio::test]
async fn an_answer_in_one_of_many_called_instances_costs_as_many_bytes_as_in_one_of_few() {
    let house = house().await;
    let form = "with: { dataFormName: question, dataFormVersion: 1, formDataKey: form }";
    let asker = format!("\nname: asker\nsteps:\n  - {{ activity: customDataForm, {form} }}\n");
    house.deploy("asker", &asker).await;
    let mut per_answer = Vec::new();
    for count in [1000, 3000] {
        let caller = format!(
            "\nname: caller{count}\nsteps:\n  - {{ id: each, call: asker, each: {{ times: {count} }} }}\n"
        );
        let (id, secret, first) = house.opened(&caller, json!({})).await;
        assert!(house.kept(&id).await.parts.is_some());
        let before = house.runtime.store_figures().bytes_written;
        house.answer_some(&id, &secret, first, 50).await;
        per_answer.push((house.runtime.store_figures().bytes_written - before) as f64 / 50.0);
    }
    assert!(per_answer[1] < per_answer[0] * 1.2, "{per_answer:?}");
}

#[tokio::test]
async fn the_last_of_many_incidents_costs_as_many_bytes_as_the_first() {
    let house = house().await;
    let source = crowd(500).replace("    on:", "    out: { x: \"${no.such}\" }\n    on:");
    let (id, secret, mut at) = house.opened(&source, json!({})).await;
    let mut per_incident = Vec::new();
    for _ in 0..5 {
        let before = house.runtime.store_figures().bytes_written;
        at = house.answer_some(&id, &secret, at, 98).await;
        per_incident.push((house.runtime.store_figures().bytes_written - before) / 98);
    }
    assert_eq!(house.kept(&id).await.incidents, 490);
    let (least, most) = (per_incident.iter().min().unwrap(), per_incident.iter().max().unwrap());
    assert!(*most < least * 2, "a snapshot now and then is all the difference: {per_incident:?}");
}

#[tokio::test]
async fn a_crowd_goes_on_after_every_restart_as_if_there_had_been_none() {
    let (folder, clock, count) = (Folder::new(), noon(), 150);
    let mut house = open(Some(&folder.0), &clock).await;
    let (id, secret, mut at) = house.opened(&crowd(count), json!({})).await;
    for part in [1, 2, 47, 50, 49] {
        house.answer_some(&id, &secret, at, part).await;
        let before = house.kept(&id).await;
        assert!(before.parts.is_some());
        assert_eq!(house.apart(&id).await, (true, waiting(&before)));
        house.runtime.close().await;
        house = open(Some(&folder.0), &clock).await;
        let after = house.kept(&id).await;
        assert_eq!(before.engine, after.engine, "the events make the same of the snapshot");
        at = house.rooms.present(&id, Some(&secret)).await.unwrap();
    }
    let done = house.answer_some(&id, &secret, at, 1).await;
    assert!(matches!(done.screen, Screen::Ended { outcome: Outcome::Accepted, .. }));
    assert!(house.kept(&id).await.parts.is_none(), "what is left of it is small");
    assert_eq!(house.apart(&id).await, (false, Vec::new()));
    let variables = house.rooms.instance_variables(&id).await.unwrap();
    assert_eq!(variables["_customFormData"].as_object().unwrap().len(), count);
}

#[tokio::test]
async fn of_two_answers_decided_at_once_the_second_is_a_conflict_and_leaves_nothing() {
    let house = house().await;
    let (id, secret, _) = house.opened(&crowd(150), json!({})).await;
    let all = waiting(&house.kept(&id).await);
    let (mut works, mut after) = (Vec::new(), Vec::new());
    for path in [all[3], all[5]] {
        let mut work = house.rooms.identity();
        let mut kept = instance::read(&house.rooms, work.unit(), &id).await.unwrap();
        let given = house.answer_at(&id, path).await.submission;
        house.rooms.answer(&mut work, &mut kept, PathId::from(path), given).await.unwrap();
        works.push(work);
        after.push(kept.engine);
    }
    let (second, first) = (works.pop().unwrap(), works.pop().unwrap());
    first.commit().await.unwrap();
    assert!(Error::from(second.commit().await.unwrap_err()).is_conflict());
    let kept = house.kept(&id).await;
    assert_eq!(kept.engine, after[0]);
    assert_eq!(house.apart(&id).await, (true, waiting(&kept)));
    assert!(waiting(&kept).contains(&all[5]), "the second question still stands");

    // Made through the front door, both are taken, one after the other.
    let (one, other) = (house.answer_at(&id, all[5]).await, house.answer_at(&id, all[9]).await);
    let (one, other) = tokio::join!(
        house.rooms.submit(&id, Some(&secret), one),
        house.rooms.submit(&id, Some(&secret), other)
    );
    assert!(!one.unwrap().stale && !other.unwrap().stale);
    assert_eq!(waiting(&house.kept(&id).await).len(), all.len() - 3);
}

#[tokio::test]
async fn a_refused_answer_leaves_its_question_in_the_crowd_under_a_new_nonce() {
    let house = house().await;
    let (id, secret, first) = house.opened(&crowd(150), json!({})).await;
    let wrong = answer(&first, "far too long an answer");
    let again = house.rooms.submit(&id, Some(&secret), wrong.clone()).await.unwrap();
    let Screen::Ask { topic, nonce, wait } = &again.screen else { panic!("{:?}", again.screen) };
    assert_eq!((topic, wait.errors[0].field.as_deref()), (&wrong.topic, Some("answer")));
    assert_ne!(*nonce, wrong.nonce);
    assert!(house.rooms.submit(&id, Some(&secret), wrong).await.unwrap().stale);
    let next = house.answer_some(&id, &secret, again, 1).await;
    let Screen::Ask { topic: next, .. } = &next.screen else { panic!("{:?}", next.screen) };
    assert!(!next.ends_with(".0"), "the next one is asked");
    assert_eq!(house.apart(&id).await.1.len(), 149);
}

#[tokio::test]
async fn an_answer_that_ends_in_an_incident_takes_its_question_away_and_a_held_crowd_goes_on() {
    let house = house().await;
    let source = crowd(150).replace("    on:", "    out: { x: \"${no.such}\" }\n    on:");
    let (id, secret, first) = house.opened(&source, json!({})).await;
    house.answer_some(&id, &secret, first, 2).await;
    assert_eq!(house.rooms.read_instance(&id).await.unwrap().incidents.len(), 2);
    let kept = house.kept(&id).await;
    assert_eq!((waiting(&kept).len(), kept.incidents), (148, 2));
    assert_eq!(house.apart(&id).await, (true, waiting(&kept)));
    house.rooms.suspend_instance(&id, None).await.unwrap();
    let held = house.rooms.present(&id, Some(&secret)).await.unwrap();
    assert!(matches!(held.screen, Screen::Paused));
    house.rooms.resume_instance(&id).await.unwrap();
    let resumed = house.kept(&id).await;
    assert_eq!(resumed.engine.sequence(), kept.engine.sequence() + 2, "it tells both");
    assert_eq!(waiting(&resumed), waiting(&kept));
    house.runtime.inner().states.forget_all();
    assert_eq!(house.kept(&id).await.engine, resumed.engine);
    let (all, page) = (IncidentFilter::default(), Page { number: 0, size: 9 });
    let incident = house.rooms.list_incidents(&all, true, page).await.unwrap().items.remove(0);
    house.rooms.resolve_incident(&incident.id, &Map::new()).await.unwrap();
    assert_eq!(house.kept(&id).await.incidents, 1);
    house.pass(60).await;
    assert!(house.kept(&id).await.is_over());
    assert_eq!(house.apart(&id).await, (false, Vec::new()));
}

#[tokio::test]
async fn a_crowd_that_a_timer_ends_leaves_no_question_and_one_row() {
    let house = house().await;
    let (id, secret, first) = house.opened(&crowd(150), json!({})).await;
    house.answer_some(&id, &secret, first, 20).await;
    assert_eq!(house.apart(&id).await.1.len(), 130);
    house.pass(60).await;
    let kept = house.kept(&id).await;
    assert!(kept.is_over() && kept.parts.is_none());
    assert_eq!(kept.engine.ended_at().last().map(|node| node.as_str()), Some("late"));
    assert_eq!(house.apart(&id).await, (false, Vec::new()));
}

#[tokio::test]
async fn a_crowd_is_cancelled_and_another_is_removed_without_a_row_left() {
    let house = house().await;
    let (cancelled, ..) = house.opened(&crowd(150), json!({})).await;
    house.rooms.cancel_instance(&cancelled, "enough").await.unwrap();
    assert_eq!(house.apart(&cancelled).await, (false, Vec::new()));
    let (removed, secret, first) = house.opened(&crowd(151), json!({})).await;
    house.answer_some(&removed, &secret, first, 1).await;
    house.rooms.remove_instance(&removed).await.unwrap();
    assert_eq!(house.apart(&removed).await, (false, Vec::new()));
    let history = Table::<Value>::new("process-instance-events").shape(2);
    let all = storage::Range::prefix(&*removed);
    assert_eq!(house.rooms.unit().list(&history, all, 1).await.unwrap(), []);
}

#[tokio::test]
async fn what_is_large_at_its_end_needs_nothing_of_its_history_and_goes_with_its_time() {
    let house = house().await;
    let source = "
name: large
steps:
  - { activity: flood, with: { variables: 1, bytes: 100000 } }
  - activity: customDataForm
    with: { dataFormName: question, dataFormVersion: 1, formDataKey: form1 }
";
    let (id, secret, first) = house.opened(source, json!({})).await;
    house.answer_some(&id, &secret, first, 1).await;
    let kept = house.kept(&id).await;
    assert!(kept.is_over() && kept.parts.is_some());
    let mut unit = house.rooms.unit();
    crate::history::forget(&mut unit, &id, usize::MAX).await.unwrap();
    unit.commit().await.unwrap();
    house.runtime.inner().states.forget_all();
    assert_eq!(house.kept(&id).await.engine, kept.engine);
    house.pass(60 * 24 * 31).await;
    while house.runtime.remove_ended().await {}
    assert!(matches!(house.rooms.read_instance(&id).await, Err(Error::NotFound { .. })));
    assert_eq!(house.apart(&id).await, (false, Vec::new()));
}

#[tokio::test]
async fn a_small_instance_is_one_row_and_rows_of_the_first_shape_are_read() {
    let house = house().await;
    let (id, secret, first) = house.opened(ASK, json!({})).await;
    assert!(house.kept(&id).await.parts.is_none());
    assert_eq!(house.apart(&id).await, (false, Vec::new()));
    let rows = Table::<Value>::new("process-instances").shape(2);
    let row = house.rooms.unit().peek(&rows, &*id).await.unwrap().unwrap();
    let members = ["engine", "asks"].map(|name| row[name].is_object());
    assert_eq!((members, row.get("parts")), ([true, true], None));
    let mut unit = house.rooms.unit();
    unit.put(&Table::<Value>::new("process-instances"), &*id, &row).unwrap();
    unit.commit().await.unwrap();
    house.answer_some(&id, &secret, first, 1).await;
    assert_eq!(house.status(&id).await, "Accepted");
}
