//! Tokens whose instances are given up before a timer of their journey comes.

use super::*;

const PATIENT: &str = r#"
name: patient
steps:
  - { catch: Soon, id: soon, timer: PT48H }
  - { catch: Later, id: later, timer: PT49H }
  - activity: customDataForm
    id: ask
    with: { dataFormName: question, formDataKey: form1 }
    on:
      - { cycle: R3/P7D, id: weekly, interrupting: false, then: over }
      - { timer: "${wait}", id: unknown, then: over }
      - { date: "2027-01-01T00:00:00Z", id: new-year, then: over }
  - { id: over, end: Over }
"#;

#[tokio::test]
async fn making_a_token_tells_which_timers_come_after_its_instances_are_given_up() {
    let house = house().await;
    house.deploy("patient", PATIENT).await;
    #[rustfmt::skip]
    let cases: [(&str, Value, &[&str]); 4] = [
        ("usual", json!({}),                               &["soon", "later", "weekly", "new-year"]),
        ("short", json!({"maxProcessDuration": "PT1H"}),   &["soon", "later", "weekly", "new-year"]),
        ("month", json!({"maxProcessDuration": "P30D"}),   &["new-year"]),
        ("year",  json!({"maxProcessDuration": "P1Y"}),    &[]),
    ];
    for (name, mut more, expected) in cases {
        more["name"] = json!(name);
        let made = house.token("patient", more).await;
        let warned: Vec<_> =
            made.warnings.iter().filter_map(|one| one.element.as_deref()).collect();
        assert_eq!(warned, expected, "{name}");
        assert!(made.warnings.iter().all(|one| one.rule == "given-up-earlier"));
        let read = house.rooms.read_token(&made.id).await.unwrap();
        assert_eq!(read.warnings, [], "it is told once");
    }
}
