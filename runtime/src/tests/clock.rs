//! A still clock that is moved: what falls due on the way fires at its own time.

use super::*;

const TWO_WAITS: &str = r#"
name: two-waits
steps:
  - activity: customDataForm
    id: first
    with: { dataFormName: question, dataFormVersion: 1, formDataKey: form1 }
    on:
      - { timer: PT5M, then: second }
  - end: Done
  - activity: customDataForm
    id: second
    with: { dataFormName: question, dataFormVersion: 1, formDataKey: form2 }
    on:
      - { timer: PT7.0005S, then: late }
  - end: Done2
  - { id: late, end: Late }
"#;

impl House {
    pub(super) async fn moved(&self, advance: &str) -> Result<Timestamp, Error> {
        let by = ClockMove { advance: Some(advance.to_owned()), to: None };
        self.runtime.move_clock(&by).await
    }
}

#[tokio::test]
async fn what_is_armed_on_the_way_fires_at_its_own_time() {
    let house = house().await;
    let (id, _, _) = house.opened(TWO_WAITS, json!({})).await;
    let now = house.moved("PT1H").await.unwrap();
    assert_eq!(now.to_string(), "2026-03-01T13:00:00Z");
    let view = house.rooms.read_instance(&id).await.unwrap();
    let ended = view.ended_at.unwrap().to_string();
    assert_eq!((view.status.mapped(), &*ended), ("Abandoned", "2026-03-01T12:05:07.001Z"));
}

#[tokio::test]
async fn the_retries_of_a_fault_all_come_within_one_move() {
    let house = house().await;
    house.deploy("broken", BROKEN).await;
    let token = house.token("broken", json!({})).await;
    let id = house.create(&token).await.unwrap();
    house.moved("PT1H").await.unwrap();
    assert_eq!(house.rooms.read_instance(&id).await.unwrap().incidents.len(), 1);
}

#[tokio::test]
async fn a_clock_that_cannot_be_moved_so_stays_where_it_is() {
    let house = house().await;
    #[rustfmt::skip]
    let cases = [
        (None,         None,                         "advance: give either advance or to"),
        (Some("PT5M"), Some("2026-03-02T00:00:00Z"), "advance: give either advance or to"),
        (None,         Some("2026-03-01T11:59:59Z"), "to: has passed: the clock stands at 2026-03-01T12:00:00Z"),
        (Some("-PT5M"), None,                        "advance: the duration \"-PT5M\" has to be longer than nothing"),
        (Some("P101Y"), None,                        "advance: the duration \"P101Y\" is longer than 100 years"),
        (Some("soon"), None,                         "advance: \"soon\" is not an ISO 8601 duration such as PT48H or P30D"),
    ];
    for (advance, to, expected) in cases {
        let to = to.map(|to: &str| to.parse().unwrap());
        let by = ClockMove { advance: advance.map(str::to_owned), to };
        let error = house.runtime.move_clock(&by).await.unwrap_err();
        assert_eq!(error.to_string(), expected);
        assert_eq!(house.runtime.now().to_string(), "2026-03-01T12:00:00Z");
    }
    let own = open(None, &Clock::system()).await;
    assert!(matches!(own.moved("PT5M").await, Err(Error::NotFound { .. })));
}

#[tokio::test]
async fn moves_at_the_same_time_follow_each_other() {
    let house = house().await;
    let (one, other) = tokio::join!(house.moved("PT5M"), house.moved("PT7M"));
    let latest = one.unwrap().max(other.unwrap());
    assert_eq!(latest.to_string(), "2026-03-01T12:12:00Z");
}
