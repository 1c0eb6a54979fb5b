//! What is called or decided of a tenant that is named: that of the definition itself, or nothing.

use super::*;

/// A decision and a call of the tenant that a variable names; the decision is one of decisions.rs.
fn source(tenant: &str) -> String {
    format!(
        r#"
name: named
variables: {{ t: {tenant}, age: 17 }}
steps:
  - {{ decide: risk, tenant: "${{t}}", result: risk }}
  - {{ call: double, tenant: "${{t}}", give: {{ n: "${{21}}" }}, take: {{ m: "${{m}}" }} }}
  - {{ end: Done }}
"#
    )
}

impl House {
    async fn named(&self, tenant: &str) -> String {
        self.decision("high", None).await;
        self.deploy("double", "name: double\nsteps:\n  - { script: n * 2, result: m }\n").await;
        self.deploy("named", &source(tenant)).await;
        self.create(&self.token("named", json!({})).await).await.unwrap()
    }

    /// The risk and the number of an instance that has ended.
    async fn came_to(&self, id: &str) -> (Value, Value) {
        assert_eq!(self.status(id).await, "Accepted");
        let variables = self.rooms.instance_variables(id).await.unwrap();
        (variables["risk"].clone(), variables["m"].clone())
    }
}

#[tokio::test]
async fn the_own_tenant_and_none_are_meant_alike() {
    for tenant in ["demo", "null", "''"] {
        let house = house().await;
        let id = house.named(tenant).await;
        assert_eq!(house.came_to(&id).await, (json!("high"), json!(42)), "{tenant}");
    }
}

#[tokio::test]
async fn what_another_tenant_has_is_an_incident_until_the_own_is_named() {
    let house = house().await;
    let id = house.named("other").await;
    let mut seen = Vec::new();
    for tenant in ["other", "demo"] {
        let incident = house.open_incidents(&IncidentFilter::default()).await.remove(0);
        seen.push((incident.element_id, incident.message));
        let set = json!({ "t": tenant }).as_object().unwrap().clone();
        house.rooms.set_variables(&id, None, &set).await.unwrap();
        house.rooms.retry_incident(&incident.id).await.unwrap();
    }
    let message = "the decision `risk` of the tenant `other` is not seen; a definition sees those of its own tenant alone";
    let told = ("risk".to_owned(), message.to_owned());
    assert_eq!(seen, [told.clone(), told]);
    assert_eq!(house.came_to(&id).await, (json!("high"), json!(42)));
}

#[tokio::test]
async fn a_process_of_another_tenant_is_not_called_though_one_of_its_name_is_there() {
    let house = house().await;
    house.named("demo").await;
    let call = "name: calls\nsteps:\n  - { call: double, tenant: other, give: { n: \"${1}\" } }\n";
    house.deploy("calls", call).await;
    house.create(&house.token("calls", json!({})).await).await.unwrap();
    let incident = house.open_incidents(&IncidentFilter::default()).await.remove(0);
    assert_eq!(
        (incident.element_id.as_str(), incident.message.as_str()),
        (
            "double",
            "the process `double` of the tenant `other` is not seen; a definition sees those of its own tenant alone"
        )
    );
}
