//! Decisions: business rule tasks are answered by DMN files, in the commit of their step.

use super::*;

/// A file with the decision `risk`, whose answer for the young is the given one.
fn dmn(young: &str) -> String {
    format!(
        r#"<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">
  <decision id="risk" name="Risk">
    <decisionTable hitPolicy="FIRST">
      <input id="i1"><inputExpression typeRef="number"><text>age</text></inputExpression></input>
      <output id="o1" name="risk" typeRef="string"/>
      <rule id="r1"><inputEntry><text>&lt; 18</text></inputEntry><outputEntry><text>"{young}"</text></outputEntry></rule>
      <rule id="r2"><inputEntry><text>-</text></inputEntry><outputEntry><text>"low"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>"#
    )
}

fn decides(binding: &str, age: &str) -> String {
    format!(
        "\nname: decides\nvariables: {{ age: {age} }}\nsteps:\n  - {{ decide: risk, result: answer{binding} }}\n  - end: Done\n"
    )
}

impl House {
    pub(super) async fn decision(&self, young: &str, tag: Option<&str>) -> DecisionFile {
        let new = NewDecision {
            name: "risks".to_owned(),
            description: None,
            version_tag: tag.map(str::to_owned),
            resource: dmn(young),
            deploy: true,
        };
        self.rooms.add_decision(new).await.unwrap()
    }

    /// The answer of a process that is deployed anew, and its instance.
    async fn decided(&self, source: &str) -> (Value, String) {
        let deployed = self.deploy("decides", source).await;
        let token = json!({"name": format!("t{}", deployed.version)});
        let token = self.token("decides", token).await;
        let before = self.runtime.store_figures().commits;
        let id = self.create(&token).await.unwrap();
        assert_eq!(self.runtime.store_figures().commits - before, 1);
        let variables = self.rooms.instance_variables(&id).await.unwrap();
        (variables.get("answer").cloned().unwrap_or_default(), id)
    }
}

#[tokio::test]
async fn a_business_rule_task_is_decided_in_the_commit_of_its_step_by_the_version_it_means() {
    let house = house().await;
    house.decision("high", Some("strict")).await;
    house.decision("middle", None).await;
    for (binding, age, expected) in [
        ("", "17", json!("middle")),
        ("", "18", json!("low")),
        (", version: 1", "17", json!("high")),
        (", tag: strict", "17", json!("high")),
        (", binding: deployment", "17", json!("middle")),
        (", shape: singleEntry", "17", json!("middle")),
        (", shape: singleResult", "17", json!({ "risk": "middle" })),
        (", shape: collectEntries", "17", json!(["middle"])),
        (", tag: strict, shape: resultList", "17", json!([{ "risk": "high" }])),
    ] {
        let (answer, id) = house.decided(&decides(binding, age)).await;
        assert_eq!((answer, house.status(&id).await), (expected, "Accepted"), "{binding}");
    }
}

#[tokio::test]
async fn a_decision_that_is_missing_or_fails_is_an_incident_at_once() {
    for (deployed, age, expected) in
        [(false, "17", "no decision `risk` is deployed"), (true, "\"x\"", "the decision `risk`: ")]
    {
        let house = house().await;
        if deployed {
            house.decision("high", None).await;
        }
        let (_, id) = house.decided(&decides("", age)).await;
        let incidents = house.rooms.read_instance(&id).await.unwrap().incidents;
        assert!(incidents[0].message.starts_with(expected), "{incidents:?}");
    }
}

#[tokio::test]
async fn a_decision_is_listed_taken_out_of_use_and_removed_and_flaws_are_told_all() {
    let house = house().await;
    let file = house.decision("high", None).await;
    assert_eq!((file.version, &file.decisions[..]), (1, &["risk".to_owned()][..]));
    let page = Page { number: 0, size: 10 };
    assert_eq!(house.rooms.list_decisions(page).await.unwrap().total, 1);
    let out = VersionStatus::DeployedInactive;
    house.rooms.set_decision_status(&file.id, out).await.unwrap();
    let (answer, _) = house.decided(&decides("", "17")).await;
    assert_eq!(answer, json!(null));
    house.rooms.remove_decision(&file.id).await.unwrap();
    assert!(matches!(house.rooms.read_decision(&file.id).await, Err(Error::NotFound { .. })));
    let new = NewDecision {
        name: "wrong".to_owned(),
        description: None,
        version_tag: None,
        resource: dmn("x").replace("FIRST", "BEST").replace("&lt; 18", "&lt; &lt;"),
        deploy: false,
    };
    match house.rooms.add_decision(new).await {
        Err(Error::DecisionFlaws(flaws)) => assert_eq!(flaws.len(), 2, "{flaws:?}"),
        other => panic!("{other:?}"),
    }
}
