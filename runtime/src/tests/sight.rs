//! Sight: what an activity sees of the variables around it.

use super::*;

#[tokio::test]
async fn a_form_in_a_repeated_sub_process_shows_the_item_it_is_asked_for() {
    let house = house().await;
    let form = NewForm {
        name: "numbered".to_owned(),
        description: None,
        resource: QUESTION
            .replace("A question", "Number {{processvar.loopCounter}} of {{processvar.kind}}"),
        deploy: true,
    };
    house.rooms.add_form(form).await.unwrap();
    let source = "
name: several
steps:
  - id: each
    each: { times: 2, sequential: true }
    variables: { kind: two }
    steps:
      - activity: customDataForm
        with: { dataFormName: numbered, dataFormVersion: 1, formDataKey: form1 }
";
    let (id, secret, first) = house.opened(source, json!({})).await;
    assert!(format!("{:?}", first.screen).contains("Number 0 of two"), "{:?}", first.screen);
    let second = house.rooms.submit(&id, Some(&secret), answer(&first, "yes")).await.unwrap();
    assert!(format!("{:?}", second.screen).contains("Number 1 of two"), "{:?}", second.screen);
}
