//! Instances moved to another version of their definition: whole or not at all, and what lists,
//! timers, questions and restarts make of it.

use super::*;

const NEW: &str = r#"
name: ask
steps:
  - activity: customDataForm
    id: question
    with: { dataFormName: question, dataFormVersion: 1, formDataKey: form1 }
    on:
      - { timer: PT20M, id: patience, then: late }
  - activity: simpleDecider
    out: { decided: "${decision}" }
  - end: Done
  - id: late
    end: Late
"#;

const FIXED: &str = r#"
name: choose
steps:
  - activity: simpleDecider
  - choose:
      - when: ${execution.hasVariable("ok")}
        then: good
      - otherwise: bad
  - id: good
    end: Good
  - id: bad
    end: Bad
"#;

/// From, to, elements, and what is said.
type Case<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], &'a str);

fn migration(from: &str, to: &str, elements: &[(&str, &str)]) -> Migration {
    let element = |(old, new): &(&str, &str)| ((*old).to_owned(), (*new).to_owned());
    Migration {
        from: from.to_owned(),
        to: to.to_owned(),
        elements: elements.iter().map(element).collect(),
    }
}

impl House {
    /// Instances that ask, the identifiers of their version and of the next.
    async fn two_versions(&self) -> (String, String, Presented, String, String) {
        let (id, secret, asked) = self.opened(ASK, json!({})).await;
        let from = self.rooms.read_instance(&id).await.unwrap().process_defn_id;
        let to = self.deploy("ask", NEW).await.process_definition_id;
        (id, secret, asked, from, to)
    }
}

#[tokio::test]
async fn a_question_that_is_open_stays_open_in_the_new_version() {
    let house = house().await;
    let (id, secret, asked, from, to) = house.two_versions().await;
    let plan = migration(&from, &to, &[("customDataForm", "question")]);
    let tally = house.rooms.migrate_instances(&plan, None, None).await.unwrap();
    assert_eq!((tally.matched, tally.done), (1, 1));
    let view = house.rooms.read_instance(&id).await.unwrap();
    assert_eq!((view.process_defn_id.as_str(), view.process_defn_version), (to.as_str(), 2));
    let search = Search { definition_id: Some(to), ..Search::default() };
    let page = Page { number: 0, size: 10 };
    assert_eq!(house.rooms.search_instances(&search, page).await.unwrap().total, 1);
    // The old timer is gone, the new one is armed.
    house.pass(10).await;
    assert_eq!(house.status(&id).await, "In Progress");
    let done = house.rooms.submit(&id, Some(&secret), answer(&asked, "yes")).await.unwrap();
    assert!(matches!(done.screen, Screen::Ended { outcome: Outcome::Accepted, .. }));
    let variables = house.rooms.instance_variables(&id).await.unwrap();
    assert!(variables.contains_key("decided"), "it went on in the new version");
    house
        .runtime
        .move_clock(&ClockMove { advance: Some("PT1H".to_owned()), to: None })
        .await
        .unwrap();
}

#[tokio::test]
async fn a_new_timer_fires_and_a_dropped_one_does_not_after_a_restart_too() {
    let folder = std::env::temp_dir().join(format!("gatewright-migration-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let clock = noon();
    let house = open(Some(&folder), &clock).await;
    let (id, _, _, from, to) = house.two_versions().await;
    house.rooms.suspend_instance(&id, None).await.unwrap();
    let plan = migration(&from, &to, &[("customDataForm", "question")]);
    house.rooms.migrate_instances(&plan, None, None).await.unwrap();
    assert_eq!(house.status(&id).await, "Paused", "a suspended one moves and stays so");
    house.runtime.close().await;
    drop(house);
    let house = open(Some(&folder), &clock).await;
    house.rooms.resume_instance(&id).await.unwrap();
    house.pass(10).await;
    assert_eq!(house.status(&id).await, "In Progress");
    house.pass(10).await;
    assert_eq!(house.status(&id).await, "Abandoned");
    house.runtime.close().await;
    let _ = std::fs::remove_dir_all(&folder);
}

#[tokio::test]
async fn each_instance_moves_whole_or_not_at_all_and_is_counted() {
    let house = house().await;
    let (one, _, _, from, to) = house.two_versions().await;
    let plain = migration(&from, &to, &[]);
    let tally = house.rooms.migrate_instances(&plain, None, None).await.unwrap();
    assert_eq!((tally.matched, tally.done, tally.failed[0].id.as_str()), (1, 0, one.as_str()));
    assert!(tally.failed[0].reason.starts_with("the new version has no element `customDataForm`"));
    assert_eq!(house.rooms.read_instance(&one).await.unwrap().process_defn_id, from);
    let plan = migration(&from, &to, &[("customDataForm", "question")]);
    let named = [one.clone(), "nothing".to_owned(), one.clone()];
    let tally = house.rooms.migrate_instances(&plan, Some(&named), None).await.unwrap();
    assert_eq!((tally.matched, tally.done), (3, 1));
    let reasons: Vec<&str> = tally.failed.iter().map(|one| one.reason.as_str()).collect();
    assert_eq!(reasons[0], "process instance \"nothing\" does not exist");
    assert!(reasons[1].starts_with("instances: runs the version"), "{reasons:?}");
}

#[tokio::test]
async fn nothing_moves_by_a_plan_with_flaws() {
    let house = house().await;
    let (id, _, _, from, to) = house.two_versions().await;
    let other = ASK.replace("name: ask", "name: other");
    let other = house.deploy("other", &other).await.process_definition_id;
    #[rustfmt::skip]
    let cases: [Case; 6] = [
        (&from, &to,       &[("nowhere", "question")],        "the old version has no element `nowhere`"),
        (&from, &to,       &[("customDataForm", "nowhere")],  "the new version has no element `nowhere`; map `customDataForm` to one that it has"),
        (&from, &to,       &[("customDataForm", "late")],     "`customDataForm` and `late` are not the same kind of element"),
        (&from, &from,     &[],                               "to: is the version that they run already"),
        (&from, &other,    &[],                               "`ask` and `other` are two definitions; name a version of the same one"),
        (&from, "nothing", &[],                               "process definition \"nothing\" does not exist"),
    ];
    for (from, to, elements, expected) in cases {
        let plan = migration(from, to, elements);
        let error = house.rooms.migrate_instances(&plan, None, None).await.unwrap_err();
        assert_eq!(error.to_string(), expected);
        if let Ok(plan) = house.rooms.plan_migration(&plan).await {
            assert_eq!((plan.valid, plan.flaws), (false, vec![expected.to_owned()]));
        }
    }
    assert_eq!(house.rooms.read_instance(&id).await.unwrap().process_defn_version, 1);
}

#[tokio::test]
async fn an_incident_moves_along_and_is_retried_in_the_new_version() {
    let house = house().await;
    let id = house.stuck(1).await.remove(0);
    let from = house.rooms.read_instance(&id).await.unwrap().process_defn_id;
    let to = house.deploy("choose", FIXED).await.process_definition_id;
    let plan = migration(&from, &to, &[]);
    assert_eq!(house.rooms.migrate_instances(&plan, None, None).await.unwrap().done, 1);
    let found = house.open_incidents(&IncidentFilter::default()).await;
    assert_eq!((found.len(), &found[0].process_defn_id), (1, &to));
    let filter = IncidentFilter { definition: Some(to), ..IncidentFilter::default() };
    let tally = house.rooms.retry_incidents(&filter, None).await.unwrap();
    assert_eq!((tally.done, house.status(&id).await), (1, "Accepted"));
}

const TWO: &str = r#"
name: two
id: both
steps:
  - { id: one, receive: one }
  - { id: two, receive: two }
  - end: Done
"#;

#[tokio::test]
async fn of_many_those_that_fit_are_moved_and_the_others_stay_as_they_are() {
    let house = house().await;
    let token = house.prepared(TWO).await;
    let mut ids = Vec::new();
    for number in 0..30 {
        let key = number.to_string();
        ids.push(house.with(&token, &[("businessKey", &key)]).await);
        for message in &["one", "two"][..number % 3] {
            house.tell(message, &key, json!({})).await.unwrap();
        }
    }
    let from = house.rooms.read_instance(&ids[0]).await.unwrap().process_defn_id;
    let next = TWO.replace("id: two", "id: other");
    let to = house.deploy("two", &next).await.process_definition_id;
    let plan = migration(&from, &to, &[]);
    let tally = house.rooms.migrate_instances(&plan, None, None).await.unwrap();
    assert_eq!((tally.matched, tally.done, tally.failed.len()), (20, 10, 10));
    let reason = "the new version has no element `two`; map `two` to one that it has";
    assert!(tally.failed.iter().all(|one| one.reason == reason), "{:?}", tally.failed);
    for (number, id) in ids.iter().enumerate() {
        let version = house.rooms.read_instance(id).await.unwrap().process_defn_version;
        assert_eq!(version, if number % 3 == 0 { 2 } else { 1 }, "{number}");
        for message in &["one", "two"][number % 3..] {
            house.tell(message, &number.to_string(), json!({})).await.unwrap();
        }
        assert_eq!(house.status(id).await, "Accepted", "{number}");
    }
}
