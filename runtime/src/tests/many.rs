//! Many at once: a repeated activity runs in one command and costs what it repeats, and what grows
//! too large to be kept is told.

use super::*;

fn many(count: usize) -> String {
    format!(
        "\nname: many{count}\nsteps:\n  - activity: recognise\n    each: {{ times: {count}, collect: {{ into: all, value: \"${{loopCounter}}\" }} }}\n  - end: Done\n"
    )
}

#[tokio::test]
async fn ten_thousand_local_activities_run_in_one_command_and_one_commit() {
    let house = house().await;
    for count in [1000, 10_000] {
        let name = format!("many{count}");
        house.deploy(&name, &many(count)).await;
        let token = house.token(&name, json!({})).await;
        let before = house.runtime.store_figures().commits;
        let id = house.create(&token).await.unwrap();
        assert_eq!(house.runtime.store_figures().commits - before, 1);
        assert_eq!(house.rooms.read_instance(&id).await.unwrap().incidents, []);
        let variables = house.rooms.instance_variables(&id).await.unwrap();
        assert_eq!(variables["all"].as_array().unwrap().len(), count);
        assert_eq!(house.status(&id).await, "Accepted");
        let query =
            HistoryQuery { kinds: Vec::new(), element: None, after: 0, limit: 1000, values: true };
        let (mut query, mut sequence) = (query, 0);
        loop {
            let part = house.rooms.instance_history(&id, &query).await.unwrap();
            for event in part.events {
                assert_eq!(event.sequence, sequence + 1, "no event is missing or told twice");
                sequence = event.sequence;
            }
            match part.next {
                Some(next) => query.after = next,
                None => break,
            }
        }
        assert!(sequence as usize > 4 * count);
        house.rooms.remove_instance(&id).await.unwrap();
    }
}

#[tokio::test]
async fn an_instance_that_grows_too_large_stops_where_its_variables_find_no_room() {
    let house = house().await;
    let source = "
name: swells
variables: { part: \"\" }
steps:
  - activity: customDataForm
    with: { dataFormName: question, dataFormVersion: 1, formDataKey: form1 }
  - { activity: flood, with: { variables: 1, bytes: 1000000 } }
  - do: nothing
    id: copies
    each: { times: 20, collect: { into: all, value: \"${flood0}\" } }
  - { catch: Wait, timer: PT1H }
";
    let (id, secret, first) = house.opened(source, json!({})).await;
    let shown = house.rooms.submit(&id, Some(&secret), answer(&first, "x")).await.unwrap();
    assert!(matches!(shown.screen, Screen::Trouble), "{:?}", shown.screen);
    let incidents = house.rooms.read_instance(&id).await.unwrap().incidents;
    assert!(!incidents.is_empty());
    for one in incidents {
        let words = "with the gathered value the variables have 9000341 bytes";
        assert!(one.element_id == "copies" && one.message.starts_with(words), "{one:?}");
    }
}

#[tokio::test]
async fn a_loop_without_an_end_around_a_repeated_activity_is_an_incident() {
    let house = house().await;
    let source = "
name: rounds
steps:
  - { activity: recognise, each: { times: 2, sequential: true } }
  - choose:
      - { when: 1 == 1, then: recognise }
      - { otherwise: end }
";
    house.deploy("rounds", source).await;
    let token = house.token("rounds", json!({})).await;
    let id = house.create(&token).await.unwrap();
    let incidents = house.rooms.read_instance(&id).await.unwrap().incidents;
    assert_eq!(incidents.len(), 1, "{:?}", house.status(&id).await);
    assert!(incidents[0].message.ends_with("activities ran without an end or a wait"));
}
