//! User tasks that are given to people: not the end user's to see, listed by whose they are, taken by one, completed once.

use definitions::Assignment;

use super::*;

const REVIEW: &str = r#"
name: review
steps:
  - activity: customDataForm
    with: { dataFormName: question, dataFormVersion: 1, formDataKey: own }
  - id: review
    activity: customDataForm
    task: user
    people: { assignee: "${_initVars['boss']}", candidateUsers: [ada, bob], candidateGroups: reviewers, priority: 7, dueDate: PT1H }
    with: { dataFormName: question, dataFormVersion: 1, formDataKey: review, maxAttempts: 3 }
    out: { said: "${_customFormData.review.answer}" }
    on:
      - { timer: PT2H, then: late }
      - { error: ExceededCustomDataFormRetake, then: odd }
  - end: Done
  - { id: late, end: Late }
  - { id: odd, end: Odd }
"#;

const PAGE: Page = Page { number: 0, size: 100 };

impl House {
    /// An instance whose end user has answered, so that it waits for people; its task.
    async fn to_review(&self, boss: &str) -> (String, String, String) {
        let (id, secret, first) = self
            .opened(REVIEW, json!({"parameters": {"boss": boss}, "name": boss_name(boss)}))
            .await;
        let waits = self.rooms.submit(&id, Some(&secret), answer(&first, "mine")).await.unwrap();
        assert!(matches!(waits.screen, Screen::Waiting), "{:?}", waits.screen);
        let filter = TaskFilter { instance: Some(id.clone()), ..TaskFilter::default() };
        let tasks = self.tasks(&filter).await;
        assert_eq!(tasks.len(), 1);
        (id, secret, tasks[0].clone())
    }

    async fn tasks(&self, filter: &TaskFilter) -> Vec<String> {
        let found = self.rooms.list_user_tasks(filter, true, PAGE).await.unwrap();
        assert_eq!(found.total as usize, found.items.len());
        found.items.into_iter().map(|task| task.id).collect()
    }

    async fn of(&self, whose: Whose) -> usize {
        self.tasks(&TaskFilter { whose, ..TaskFilter::default() }).await.len()
    }

    async fn complete(&self, task: &str, text: &str) -> Result<(), Error> {
        let data = json!({ "answer": text });
        self.rooms.complete_user_task(task, data.as_object().unwrap()).await
    }

    /// How many rows are left of tasks, whoever's they are.
    async fn left(&self) -> usize {
        let mut left = self.of(Whose::All).await;
        for name in ["ada", "bob", "eve"] {
            left += self.of(Whose::Assignee(name.to_owned())).await;
            left += self.of(Whose::CandidateUser(name.to_owned())).await;
        }
        left + self.of(Whose::CandidateGroup("reviewers".to_owned())).await
    }

    /// What the history tells of whose the task was.
    async fn given(&self, id: &str) -> Vec<String> {
        let query = HistoryQuery {
            kinds: vec!["assigned".to_owned()],
            element: None,
            after: 0,
            limit: 100,
            values: true,
        };
        let events = self.rooms.instance_history(id, &query).await.unwrap().events;
        let told = |event: HistoryEvent| {
            let assignment: Assignment =
                serde_json::from_value(event.data["assignment"].clone()).unwrap();
            let by = event.data.get("by").and_then(Value::as_str).unwrap_or("-");
            format!("{} by {by}", assignment.assignee.unwrap_or_else(|| "nobody".to_owned()))
        };
        events.into_iter().map(told).collect()
    }
}

/// A token without a boss has no such parameter as a name.
fn boss_name(boss: &str) -> String {
    format!("review for {boss}")
}

#[tokio::test]
async fn people_find_a_task_take_it_and_complete_it() {
    let house = house().await;
    let (id, secret, task) = house.to_review("ada").await;
    let shown = house.rooms.read_user_task(&task).await.unwrap();
    let view = shown.task;
    assert_eq!(view.element_id, "review");
    assert_eq!((view.assignee.as_deref(), view.priority), (Some("ada"), Some(7)));
    assert_eq!(view.due_date.unwrap().to_string(), "2026-03-01T13:00:00Z");
    assert_eq!(view.candidate_users, ["ada", "bob"]);
    assert_eq!(shown.form["form"]["components"][0]["id"], "answer");
    for (whose, many) in [
        (Whose::All, 1),
        (Whose::Assignee("ada".into()), 1),
        (Whose::Assignee("bob".into()), 0),
        (Whose::CandidateUser("bob".into()), 1),
        (Whose::CandidateUser("reviewers".into()), 0),
        (Whose::CandidateGroup("reviewers".into()), 1),
    ] {
        assert_eq!(house.of(whose.clone()).await, many, "{whose:?}");
    }
    let taken = house.rooms.assign_user_task(&task, Some("bob"), false).await;
    assert!(matches!(taken, Err(Error::Assigned { to }) if to == "ada"));
    let given = house.rooms.assign_user_task(&task, Some("bob"), true).await.unwrap();
    assert_eq!(given.assignee.as_deref(), Some("bob"));
    assert_eq!(house.of(Whose::Assignee("ada".into())).await, 0);
    house.rooms.assign_user_task(&task, None, false).await.unwrap();
    let free = TaskFilter { assigned: Some(false), ..TaskFilter::default() };
    assert_eq!(house.tasks(&free).await, [&*task]);
    house.rooms.assign_user_task(&task, Some("eve"), false).await.unwrap();
    assert_eq!(house.tasks(&free).await, [""; 0]);
    assert_eq!(
        house.given(&id).await,
        ["ada by -", "bob by Test", "nobody by Test", "eve by Test"]
    );
    let commits = house.runtime.store_figures().commits;
    house.complete(&task, "fine").await.unwrap();
    assert_eq!(house.runtime.store_figures().commits - commits, 1);
    assert_eq!(house.rooms.instance_variables(&id).await.unwrap()["said"], "fine");
    let ended = house.rooms.present(&id, Some(&secret)).await.unwrap();
    assert!(matches!(ended.screen, Screen::Ended { outcome: Outcome::Accepted, .. }));
    assert_eq!(house.left().await, 0);
    for gone in [
        house.complete(&task, "again").await,
        house.rooms.assign_user_task(&task, Some("ada"), true).await.map(drop),
    ] {
        assert!(matches!(gone, Err(Error::Rejected(_))), "{gone:?}");
    }
    assert!(matches!(house.rooms.read_user_task(&task).await, Err(Error::NotFound { .. })));
    for never in ["", "x", "x-1", &format!("{id}-99"), &format!("{id}-")] {
        let never = house.complete(never, "x").await;
        assert!(matches!(never, Err(Error::NotFound { .. })), "{never:?}");
    }
}

#[tokio::test]
async fn the_end_user_can_neither_see_nor_answer_it() {
    let house = house().await;
    let (id, secret, task) = house.to_review("ada").await;
    let (_, path) = task.rsplit_once('-').unwrap();
    let shown = house.rooms.present(&id, Some(&secret)).await.unwrap();
    assert!(matches!(shown.screen, Screen::Waiting));
    // Whoever knew the name of the question would still need its nonce, which nobody is told.
    for nonce in ["", "0"] {
        let answer = Answer {
            topic: format!("review.{path}"),
            nonce: nonce.to_owned(),
            submission: Submission {
                data: json!({"answer": "x"}).as_object().unwrap().clone(),
                ..Submission::default()
            },
        };
        let answered = house.rooms.submit(&id, Some(&secret), answer).await.unwrap();
        assert!(answered.stale && matches!(answered.screen, Screen::Waiting));
    }
    assert_eq!(house.tasks(&TaskFilter::default()).await, [task]);
}

#[tokio::test]
async fn what_does_not_fit_the_form_counts_as_an_attempt() {
    let house = house().await;
    let (id, _, task) = house.to_review("ada").await;
    for _ in 0..2 {
        match house.complete(&task, "far too long an answer").await {
            Err(Error::Refused(errors)) => assert_eq!(errors[0].field.as_deref(), Some("answer")),
            other => panic!("{other:?}"),
        }
        assert_eq!(house.status(&id).await, "In Progress");
    }
    house.complete(&task, "far too long once more").await.unwrap();
    assert_eq!(house.left().await, 0);
    let state = house.rooms.instance_state(&id, false).await.unwrap();
    assert_eq!(state.ended_at, ["odd"]);
}

#[tokio::test]
async fn of_many_who_take_or_complete_it_at_once_one_does() {
    let house = house().await;
    let (_, _, task) = house.to_review("").await;
    let all = |what: fn(Tenant, String, usize) -> futures::future::BoxFuture<'static, bool>| {
        let tried = (0..20).map(|n| tokio::spawn(what(house.rooms.clone(), task.clone(), n)));
        let tried: Vec<_> = tried.collect();
        async move {
            let mut done = 0;
            for one in tried {
                done += usize::from(one.await.unwrap());
            }
            done
        }
    };
    let taken = all(|rooms, task, n| {
        Box::pin(async move {
            let taken = rooms.assign_user_task(&task, Some(&format!("u{n}")), false).await;
            assert!(matches!(taken, Ok(_) | Err(Error::Assigned { .. })), "{taken:?}");
            taken.is_ok()
        })
    });
    assert_eq!(taken.await, 1);
    let completed = all(|rooms, task, _| {
        Box::pin(async move {
            let data = json!({"answer": "x"}).as_object().unwrap().clone();
            let done = rooms.complete_user_task(&task, &data).await;
            assert!(matches!(done, Ok(()) | Err(Error::Rejected(_))), "{done:?}");
            done.is_ok()
        })
    });
    assert_eq!(completed.await, 1);
}

#[tokio::test]
async fn it_is_gone_with_its_path_its_time_and_its_instance() {
    let house = house().await;
    let (id, _, _) = house.to_review("a").await;
    house.rooms.cancel_instance(&id, "no more").await.unwrap();
    assert_eq!(house.left().await, 0);
    let (id, _, _) = house.to_review("b").await;
    house.pass(121).await;
    assert_eq!(house.rooms.instance_state(&id, false).await.unwrap().ended_at, ["late"]);
    assert_eq!(house.left().await, 0);
    let (id, _, _) = house.to_review("c").await;
    house.rooms.remove_instance(&id).await.unwrap();
    assert_eq!(house.left().await, 0);
    let (id, _, task) = house.to_review("d").await;
    let path = task.rsplit_once('-').unwrap().1.parse().unwrap();
    let back = Modification {
        end: vec![path],
        begin: vec![("customDataForm".to_owned(), None)],
        variables: Map::new(),
    };
    house.rooms.modify_instance(&id, &back).await.unwrap();
    assert_eq!(house.left().await, 0);
    assert!(matches!(house.complete(&task, "x").await, Err(Error::Rejected(_))));
}

#[tokio::test]
async fn a_suspended_instance_keeps_its_task_and_takes_nothing() {
    let house = house().await;
    let (id, _, task) = house.to_review("ada").await;
    house.rooms.suspend_instance(&id, None).await.unwrap();
    assert!(matches!(house.complete(&task, "x").await, Err(Error::Suspended)));
    let given = house.rooms.assign_user_task(&task, Some("bob"), true).await;
    assert!(matches!(given, Err(Error::Suspended)), "{given:?}");
    assert_eq!(house.of(Whose::Assignee("ada".into())).await, 1);
    house.rooms.resume_instance(&id).await.unwrap();
    house.complete(&task, "x").await.unwrap();
    assert_eq!(house.status(&id).await, "Accepted");
}

#[tokio::test]
async fn it_moves_with_its_instance_to_another_version() {
    let house = house().await;
    let (id, _, task) = house.to_review("ada").await;
    let from = house.rooms.read_instance(&id).await.unwrap().process_defn_id;
    let renamed = REVIEW.replace("id: review", "id: judge");
    let to = house.deploy("review", &renamed).await.process_definition_id;
    let elements = BTreeMap::from([("review".to_owned(), "judge".to_owned())]);
    let migration = Migration { from, to: to.clone(), elements };
    let tally = house
        .rooms
        .migrate_instances(&migration, Some(std::slice::from_ref(&id)), None)
        .await
        .unwrap();
    assert_eq!(tally.done, 1, "{tally:?}");
    let view = house.rooms.read_user_task(&task).await.unwrap().task;
    assert_eq!((view.element_id.as_str(), view.process_defn_id), ("judge", to));
    house.complete(&task, "x").await.unwrap();
    assert_eq!(house.left().await, 0);
}

#[tokio::test]
async fn it_is_there_after_a_restart_and_in_a_large_instance() {
    let (folder, clock) = (Folder::new(), noon());
    let house = open(Some(&folder.0), &clock).await;
    let (id, _, task) = house.to_review("ada").await;
    let large = json!({ "large": "x".repeat(100_000) });
    house.rooms.set_variables(&id, None, large.as_object().unwrap()).await.unwrap();
    house.runtime.close().await;
    drop(house);
    let house = open(Some(&folder.0), &clock).await;
    assert_eq!(house.tasks(&TaskFilter::default()).await, [&*task]);
    house.complete(&task, "x").await.unwrap();
    assert_eq!(house.status(&id).await, "Accepted");
    assert_eq!(house.left().await, 0);
}

#[tokio::test]
async fn a_journey_of_people_alone_begins_without_a_link() {
    let house = house().await;
    let alone = REVIEW.replacen("  - activity: customDataForm\n    with: { dataFormName: question, dataFormVersion: 1, formDataKey: own }\n", "", 1);
    house.deploy("review", &alone).await;
    let token = house.token("review", json!({"parameters": {"boss": "ada"}})).await;
    let id = house.create(&token).await.unwrap();
    let [task] = &house.tasks(&TaskFilter::default()).await[..] else { panic!("one task") };
    house.complete(task, "x").await.unwrap();
    assert_eq!(house.status(&id).await, "Accepted");
}
