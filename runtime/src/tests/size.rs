//! What is too large for process variables becomes an incident, and leaves nothing behind.

use super::*;

/// A stranger's activity that writes large texts.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Flood {
    /// Variables to write.
    variables: usize,
    /// Bytes of each.
    bytes: usize,
}

impl Activity for Flood {
    const NAME: &'static str = "flood";
    const LABEL: &'static str = "Flood";
    const CATEGORY: &'static str = "Tests";
    type Output = ();
    type Error = NoEvent;

    async fn run(self, context: &mut Context<'_>) -> Result<(), Failure<NoEvent>> {
        for number in 0..self.variables {
            context.write(&[&format!("flood{number}")], "x".repeat(self.bytes).into());
        }
        Ok(())
    }
}

#[tokio::test]
async fn what_is_too_large_for_process_variables_becomes_an_incident() {
    #[rustfmt::skip]
    let cases = [
        (1, 1_000_000, None),
        (7, 1_000_000, None),
        (1, 1_100_000, Some("flood0 has 1100002 bytes; a value of a process variable may have 1048576, so")),
        (9, 1_000_000, Some("with flood8 the process variables have 9000")),
    ];
    for (variables, bytes, expected) in cases {
        let house = house().await;
        let source = format!(
            "\nname: flooding\nsteps:\n  - activity: flood\n    \
             with: {{ variables: {variables}, bytes: {bytes} }}\n  - end: Done\n"
        );
        house.deploy("flood", &source).await;
        let token = house.token("flood", json!({})).await;
        let id = house.create(&token).await.unwrap();
        house.moved("PT1H").await.unwrap();
        let incidents = house.rooms.read_instance(&id).await.unwrap().incidents;
        let Some(expected) = expected else {
            assert_eq!((house.status(&id).await, incidents), ("Accepted", Vec::new()));
            continue;
        };
        let message = &incidents[0].message;
        assert!(message.starts_with(expected), "{message}");
        let kept = house.rooms.instance_variables(&id).await.unwrap();
        assert!(!kept.keys().any(|name| name.starts_with("flood")), "nothing of it is kept");
    }
}
