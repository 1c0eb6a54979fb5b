//! Crashes where many instances are concerned: what pools, calls, operations in bulk, signals and the removal of old
//! instances do comes to the same with a crash between any two commits, when whoever got no answer asks again.

use futures::future::BoxFuture;

use super::generated::Ground;
use super::pools::POOLS;
use super::*;
use crate::retention::AtMost;

/// What somebody does. Done again, it does what is left of it.
type Act = for<'a> fn(&'a House) -> BoxFuture<'a, Result<(), Error>>;

/// Texts to deploy by name, what is done then, and what becomes of the instances.
struct Scene {
    deployed: &'static [(&'static str, &'static str)],
    acts: &'static [Act],
    /// How often each has ended so: definition, version, status.
    comes_to: &'static [(usize, &'static str)],
    /// How many commits it takes at least, which is how many crashes are tried.
    commits: u64,
}

/// What came of a scene.
#[derive(Debug, PartialEq)]
struct Came {
    /// All that happened to all instances, in an order that does not depend on their identifiers.
    told: Vec<String>,
    ended: Vec<String>,
    rows: usize,
}

macro_rules! act {
    (|$house:ident| $body:expr) => {
        |$house: &House| -> BoxFuture<'_, Result<(), Error>> { Box::pin(async move { $body }) }
    };
}

const ALL: Page = Page { number: 0, size: 1000 };

impl House {
    /// Instances of a definition that somebody created, the oldest first: so many, each with its business key and a
    /// second after the one before.
    async fn some(&self, definition: &str, many: usize) -> Result<(), Error> {
        let tokens = self.rooms.list_tokens(ALL).await?.items;
        let token = tokens.into_iter().find(|one| one.made_of.name == definition).unwrap();
        loop {
            let count = self.all_of(definition).await.len();
            if count >= many {
                return Ok(());
            }
            let due = noon().now() + SignedDuration::from_secs(count as i64);
            self.clock.advance(due.duration_since(self.clock.now()).max(SignedDuration::ZERO));
            let key = BTreeMap::from([("businessKey".to_owned(), format!("{definition}{count}"))]);
            self.rooms.create_instance(&token.id, key).await?;
        }
    }

    /// A message for the instance with a business key. Whoever has it already awaits no other.
    async fn send_once(&self, key: &str, text: &str) -> Result<(), Error> {
        let message = NewMessage {
            name: "go".to_owned(),
            business_key: Some(key.to_owned()),
            correlation_key: None,
            correlation_keys: Map::new(),
            variables: Map::from_iter([("text".to_owned(), json!(text))]),
            time_to_live: None,
        };
        match self.rooms.correlate_message(&message).await {
            Err(Error::NoReceiver { .. }) => Ok(()),
            other => other.map(drop),
        }
    }

    /// The identifier of a version.
    async fn version(&self, name: &str, version: u32) -> Result<String, Error> {
        let found = self.rooms.list_definition_versions(name, ALL).await?.items;
        let found = found.into_iter().find(|one| one.version == version);
        Ok(found.unwrap().process_definition_id)
    }

    /// The time is so many minutes after noon.
    async fn minute(&self, minutes: i64) -> Result<(), Error> {
        let to = noon().now() + SignedDuration::from_mins(minutes);
        let to = ClockMove { to: Some(to.max(self.clock.now())), ..ClockMove::default() };
        self.runtime.move_clock(&to).await.map(drop)
    }
}

/// Nothing is left over.
fn whole(tally: &Tally) -> Result<(), Error> {
    match (&tally.failed[..], &tally.next) {
        ([], None) if tally.done == tally.matched => Ok(()),
        _ => Err(Error::invalid("tally", format!("{tally:?}"))),
    }
}

async fn came(house: &House) -> Came {
    let search = Search { oldest_first: true, ..Search::default() };
    let (mut told, mut ended) = (Vec::new(), Vec::new());
    for one in house.rooms.search_instances(&search, ALL).await.unwrap().items {
        let query =
            HistoryQuery { kinds: Vec::new(), element: None, after: 0, limit: 1000, values: true };
        let history = house.rooms.instance_history(&one.id, &query).await.unwrap();
        let events = history.events.iter().map(|event| {
            let at = event.element_id.as_deref().unwrap_or_default();
            format!("{} {:?} {} {at}\n", event.sequence, event.time, event.kind)
        });
        let is =
            format!("{} {} {}", one.process_defn_name, one.process_defn_version, one.status_mapped);
        let variables = house.rooms.instance_variables(&one.id).await.unwrap();
        told.push(format!("{is} {}\n{}", json!(variables), events.collect::<String>()));
        ended.push(is);
    }
    told.sort();
    ended.sort();
    Came { told, ended, rows: house.runtime.inner().store.count_rows().unwrap() }
}

/// Plays a scene that is gone after so many commits, and says how many it took.
async fn play(ground: &Ground, scene: &Scene, gone_after: u64) -> (Came, u64) {
    let (mut ground, clock) = (ground.copy(), noon());
    let mut house = ground.house(&clock).await;
    let before = house.runtime.inner().store.commits();
    house.runtime.inner().store.fail_after(gone_after);
    for act in scene.acts {
        loop {
            let done = act(&house).await;
            let happened = house.runtime.fire_due().await;
            if house.runtime.inner().store.takes_commits().is_ok() {
                done.unwrap();
                happened.unwrap();
                break;
            }
            ground = ground.copy();
            drop(house);
            house = ground.house(&clock).await;
            house.runtime.fire_due().await.unwrap();
            if done.is_ok() {
                break;
            }
        }
    }
    let commits = house.runtime.inner().store.commits();
    // What is done in the background has been done.
    house.minute(0).await.unwrap();
    (came(&house).await, commits.saturating_sub(before))
}

async fn crash_everywhere(scene: Scene) {
    let ground = Ground::memory().await;
    let house = ground.house(&noon()).await;
    for (name, text) in scene.deployed {
        let format = if text.starts_with('<') { Format::Bpmn } else { Format::Yaml };
        let new = NewDefinition { format, ..definition(name, text) };
        house.rooms.add_definition(new).await.unwrap();
        let tokens = house.rooms.list_tokens(ALL).await.unwrap().items;
        if tokens.iter().all(|one| one.made_of.name != *name) {
            house.token(name, json!({})).await;
        }
    }
    drop(house);
    let (calm, commits) = play(&ground, &scene, u64::MAX).await;
    let counted = |(is, count): (&String, usize)| (count, is.clone());
    let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
    calm.ended.iter().for_each(|is| *counts.entry(is).or_default() += 1);
    let counts: Vec<_> = counts.into_iter().map(counted).collect();
    let expected: Vec<_> =
        scene.comes_to.iter().map(|(count, is)| (*count, (*is).to_owned())).collect();
    assert_eq!(counts, expected);
    assert!(commits >= scene.commits, "{commits} commits");
    for gone_after in 0..commits {
        let (crashed, _) = play(&ground, &scene, gone_after).await;
        assert_eq!(calm, crashed, "gone after {gone_after} of {commits} commits");
    }
}

#[tokio::test]
async fn pools_that_send_each_other_messages() {
    crash_everywhere(Scene {
        deployed: &[("order", POOLS)],
        acts: &[
            act!(|house| house.some("order", 2).await),
            act!(|house| house.minute(3).await),
            act!(|house| house.minute(6).await),
        ],
        comes_to: &[(2, "order 1 Accepted"), (2, "payment 1 Accepted")],
        commits: 8,
    })
    .await;
}

/// A caller of a process of the same file, which ends as the message says.
const CALLS: &str = r#"<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="d" targetNamespace="urn:calls">
<bpmn:message id="M" name="go" />
<bpmn:error id="E" errorCode="Odd" />
<bpmn:escalation id="S" escalationCode="Late" />
<bpmn:process id="caller" isExecutable="true">
<bpmn:startEvent id="begin" />
<bpmn:callActivity id="call" calledElement="part" camunda:calledElementBinding="deployment">
<bpmn:extensionElements><camunda:out source="text" target="said" /></bpmn:extensionElements>
</bpmn:callActivity>
<bpmn:boundaryEvent id="odd" attachedToRef="call"><bpmn:errorEventDefinition id="ed" errorRef="E" /></bpmn:boundaryEvent>
<bpmn:boundaryEvent id="late" attachedToRef="call"><bpmn:escalationEventDefinition id="sd" escalationRef="S" /></bpmn:boundaryEvent>
<bpmn:endEvent id="done" />
<bpmn:endEvent id="wasOdd" />
<bpmn:endEvent id="wasLate" />
<bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="call" />
<bpmn:sequenceFlow id="f2" sourceRef="call" targetRef="done" />
<bpmn:sequenceFlow id="f3" sourceRef="odd" targetRef="wasOdd" />
<bpmn:sequenceFlow id="f4" sourceRef="late" targetRef="wasLate" />
</bpmn:process>
<bpmn:process id="part" isExecutable="true">
<bpmn:startEvent id="enter" />
<bpmn:receiveTask id="wait" messageRef="M"><bpmn:extensionElements><camunda:inputOutput><camunda:outputParameter name="text">${text}</camunda:outputParameter></camunda:inputOutput></bpmn:extensionElements></bpmn:receiveTask>
<bpmn:exclusiveGateway id="how" default="p3" />
<bpmn:endEvent id="isOdd"><bpmn:errorEventDefinition id="ted" errorRef="E" /></bpmn:endEvent>
<bpmn:endEvent id="isLate"><bpmn:escalationEventDefinition id="tsd" escalationRef="S" /></bpmn:endEvent>
<bpmn:endEvent id="isDone" />
<bpmn:sequenceFlow id="p1" sourceRef="enter" targetRef="wait" />
<bpmn:sequenceFlow id="p2" sourceRef="wait" targetRef="how" />
<bpmn:sequenceFlow id="p3" sourceRef="how" targetRef="isDone" />
<bpmn:sequenceFlow id="p4" sourceRef="how" targetRef="isOdd"><bpmn:conditionExpression>${text == "odd"}</bpmn:conditionExpression></bpmn:sequenceFlow>
<bpmn:sequenceFlow id="p5" sourceRef="how" targetRef="isLate"><bpmn:conditionExpression>${text == "late"}</bpmn:conditionExpression></bpmn:sequenceFlow>
</bpmn:process>
</bpmn:definitions>"#;

#[tokio::test]
async fn calls_that_are_bound_to_the_deployment_and_end_in_every_way() {
    crash_everywhere(Scene {
        deployed: &[("caller", CALLS), ("part", "name: part\nsteps:\n  - end: Other\n")],
        acts: &[
            act!(|house| house.some("caller", 4).await),
            act!(|house| house.send_once("caller0", "fine").await),
            act!(|house| house.send_once("caller1", "odd").await),
            act!(|house| house.send_once("caller2", "late").await),
            act!(|house| {
                for one in house.all_of("caller").await {
                    if one.ended_at.is_none() {
                        house.rooms.cancel_instance(&one.id, "enough").await?;
                    }
                }
                Ok(())
            }),
        ],
        comes_to: &[
            (1, "caller 1 Abandoned"),
            (3, "caller 1 Accepted"),
            (2, "part 1 Abandoned"),
            (1, "part 1 Accepted"),
            (1, "part 1 Error"),
        ],
        commits: 8,
    })
    .await;
}

const CHOOSE: &str = "
name: choose
steps:
  - choose:
      - { when: 'ok == \"yes\"', to: good }
      - { otherwise: bad }
    id: which
  - { end: Good, id: good }
  - { end: Bad, id: bad }
";

fn is_yes() -> Map<String, Value> {
    Map::from_iter([("ok".to_owned(), json!("yes"))])
}

#[tokio::test]
async fn incidents_that_are_retried_and_resolved_in_bulk_and_instances_held_and_resumed() {
    crash_everywhere(Scene {
        deployed: &[("choose", CHOOSE)],
        acts: &[
            act!(|house| house.some("choose", 3).await),
            act!(|house| {
                let version = house.version("choose", 1).await?;
                whole(&house.rooms.suspend_instances(&version, Some("a pause"), None).await?)
            }),
            act!(|house| {
                let version = house.version("choose", 1).await?;
                whole(&house.rooms.resume_instances(&version, None).await?)
            }),
            act!(|house| {
                for one in house.all_of("choose").await {
                    if house.rooms.instance_variables(&one.id).await?.contains_key("ok") {
                        continue;
                    }
                    house.rooms.set_variables(&one.id, None, &is_yes()).await?;
                }
                Ok(())
            }),
            act!(|house| whole(
                &house.rooms.retry_incidents(&IncidentFilter::default(), None).await?
            )),
            act!(|house| house.some("choose", 6).await),
            act!(|house| {
                let all = IncidentFilter::default();
                whole(&house.rooms.resolve_incidents(&all, &is_yes(), None).await?)
            }),
        ],
        comes_to: &[(6, "choose 1 Accepted")],
        commits: 21,
    })
    .await;
}

const WAITS: &str = "
name: waits
steps:
  - { receive: go, id: wait, out: { text: '${text}' } }
  - end: Done
";
const WAITS_LESS: &str = "
name: waits
steps:
  - { receive: go, id: pause, out: { text: '${text}' }, on: [{ timer: PT20M, then: late }] }
  - end: Done
  - { end: Late, id: late, message: gone }
";
const GONE: &str = "
name: gone
steps:
  - { start: Gone, message: gone }
";

#[tokio::test]
async fn instances_that_are_migrated_in_bulk_and_what_comes_to_them_then() {
    crash_everywhere(Scene {
        deployed: &[("waits", WAITS), ("waits", WAITS_LESS), ("gone", GONE)],
        acts: &[
            act!(|house| {
                let (from, to) =
                    (house.version("waits", 1).await?, house.version("waits", 2).await?);
                house
                    .rooms
                    .set_definition_status(&to, VersionStatus::DeployedInactive, false)
                    .await?;
                house.some("waits", 4).await?;
                house
                    .rooms
                    .set_definition_status(&to, VersionStatus::DeployedActive, false)
                    .await?;
                let elements = BTreeMap::from([("wait".to_owned(), "pause".to_owned())]);
                let plan = Migration { from, to, elements };
                whole(&house.rooms.migrate_instances(&plan, None, None).await?)
            }),
            act!(|house| house.send_once("waits1", "now").await),
            act!(|house| house.minute(21).await),
        ],
        comes_to: &[(3, "gone 1 Accepted"), (3, "waits 2 Abandoned"), (1, "waits 2 Accepted")],
        commits: 13,
    })
    .await;
}

const LISTENS: &str = "
name: listens
steps:
  - { catch: Heard, signal: alarm, out: { text: '${text}' } }
  - { activity: ask, id: rest }
";
const ALARMED_TOO: &str = "
name: alarmed-too
steps:
  - { start: Alarm, signal: alarm, out: { text: '${text}' } }
";

#[tokio::test]
async fn signals_that_reach_many_and_begin_others() {
    crash_everywhere(Scene {
        deployed: &[("listens", LISTENS), ("alarmed-too", ALARMED_TOO)],
        acts: &[
            act!(|house| house.some("listens", 4).await),
            act!(|house| {
                let payload = Map::from_iter([("text".to_owned(), json!("fire"))]);
                house.rooms.broadcast_signal("alarm", &payload).await.map(drop)
            }),
        ],
        comes_to: &[
            (1, "alarmed 1 Accepted"),
            (1, "alarmed-too 1 Accepted"),
            (4, "listens 1 Pending"),
        ],
        commits: 6,
    })
    .await;
}

#[tokio::test]
async fn old_instances_that_are_removed_with_what_they_called() {
    crash_everywhere(Scene {
        deployed: &[("caller", CALLS), ("waits", WAITS)],
        acts: &[
            act!(|house| house.some("caller", 3).await),
            act!(|house| house.some("waits", 1).await),
            act!(|house| house.send_once("caller0", "fine").await),
            act!(|house| house.send_once("caller1", "odd").await),
            act!(|house| house.send_once("caller2", "late").await),
            act!(|house| house.minute(60).await),
            act!(|house| {
                let one_at_a_time = || AtMost { instances: 1, rows: 2 };
                let until = house.clock.now();
                while house.rooms.remove_ended(until, one_at_a_time()).await? {}
                Ok(())
            }),
        ],
        comes_to: &[(1, "waits 1 In Progress")],
        commits: 13,
    })
    .await;
}

const REVIEWED: &str = r#"
name: reviewed
steps:
  - activity: customDataForm
    id: review
    task: user
    people: { candidateUsers: [ada, bob], candidateGroups: reviewers }
    with: { dataForm: { title: { values: { en: Review } }, components: [] } }
    on: [{ timer: PT10M, then: late }]
  - end: Done
  - { id: late, end: Late }
"#;

impl House {
    /// The user tasks that wait, the oldest first.
    async fn user_tasks(&self) -> Result<Vec<UserTask>, Error> {
        Ok(self.rooms.list_user_tasks(&TaskFilter::default(), true, ALL).await?.items)
    }
}

#[tokio::test]
async fn user_tasks_that_are_taken_completed_and_late() {
    crash_everywhere(Scene {
        deployed: &[("reviewed", REVIEWED)],
        acts: &[
            act!(|house| house.some("reviewed", 3).await),
            act!(|house| {
                for task in house.user_tasks().await? {
                    if task.assignee.is_none() {
                        house.rooms.assign_user_task(&task.id, Some("ada"), false).await?;
                    }
                }
                Ok(())
            }),
            act!(|house| {
                while let [task, .., _] = &house.user_tasks().await?[..] {
                    house.rooms.complete_user_task(&task.id, &Map::new()).await?;
                }
                Ok(())
            }),
            act!(|house| house.minute(11).await),
        ],
        comes_to: &[(1, "reviewed 1 Abandoned"), (2, "reviewed 1 Accepted")],
        commits: 9,
    })
    .await;
}
