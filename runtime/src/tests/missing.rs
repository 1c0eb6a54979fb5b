//! Forms, processes and decisions that are not there: the designer is warned, the end user told, and a person called at
//! once.

use super::*;

const MISSING: &str = r#"
name: missing
steps:
  - activity: customDataForm
    id: ask
    with: { dataFormName: not-there, dataFormVersion: 2, formDataKey: form1 }
  - end: Done
"#;

#[tokio::test]
async fn a_missing_form_is_an_incident_at_once_that_names_it_and_can_be_retried() {
    let house = house().await;
    let deployed = house.deploy("missing", MISSING).await;
    let warned = deployed.warnings.iter().find(|one| one.rule == "missing-form").unwrap();
    assert_eq!((warned.element.as_deref(), warned.line), (Some("ask"), Some(4)));
    assert!(warned.message.contains("`not-there` of version 2"));
    let token = house.token("missing", json!({})).await;
    let id = house.create(&token).await.unwrap();
    let presented = house.rooms.start(&id, None).await.unwrap();
    assert!(matches!(presented.screen, Screen::Trouble), "{:?}", presented.screen);
    let incident = house.open_incidents(&IncidentFilter::default()).await.remove(0);
    assert_eq!(
        (incident.element_id.as_str(), incident.message.as_str()),
        ("ask", "there is no deployed form `not-there` of version 2; deploy it, then retry")
    );
    for _ in 1..=2 {
        let form = NewForm {
            name: "not-there".to_owned(),
            description: None,
            resource: QUESTION.to_owned(),
            deploy: true,
        };
        house.rooms.add_form(form).await.unwrap();
    }
    house.rooms.retry_incident(&incident.id).await.unwrap();
    let shown = house.rooms.present(&id, presented.secret.as_deref()).await.unwrap();
    assert!(matches!(shown.screen, Screen::Ask { .. }), "{:?}", shown.screen);
}

#[tokio::test]
async fn a_definition_is_warned_of_the_forms_that_it_names_itself_alone() {
    let house = house().await;
    house.deploy("ask", ASK).await;
    let with = |with: &str| {
        format!(
            "name: asks\nsteps:\n  - activity: customDataForm\n    with: {{ formDataKey: f, {with} }}\n"
        )
    };
    #[rustfmt::skip]
    let cases = [
        ("dataFormName: question, dataFormVersion: 1",                 None),
        ("dataFormName: question",                                     None),
        ("dataFormName: question, dataFormVersion: 2",                 Some("question` of version 2")),
        ("dataFormName: other",                                        Some("other` of version 1")),
        ("dataFormName: other, dataFormVersion: \"${n}\"",             None),
        ("dataFormName: \"${form}\"",                                  None),
        ("dynamicDataFormName: \"${form}\"",                           None),
    ];
    for (given, expected) in cases {
        let deployed = house.deploy("asks", &with(given)).await;
        let warned = deployed.warnings.iter().filter(|one| one.rule == "missing-form");
        let warned: Vec<&str> = warned.map(|one| one.message.as_str()).collect();
        assert_eq!(warned.len(), usize::from(expected.is_some()), "{given}: {warned:?}");
        assert!(expected.is_none_or(|words| warned[0].contains(words)), "{given}: {warned:?}");
    }
}

/// What a deployment of these steps is warned of by a rule.
async fn warned(house: &House, rule: &str, steps: &str) -> Option<String> {
    let source =
        format!("name: asks\nid: asking\nsteps:\n  - {{ {steps}, id: it }}\n  - end: Done\n");
    let deployed = house.deploy("asks", &source).await;
    let mut found = deployed.warnings.into_iter().filter(|one| one.rule.starts_with("missing"));
    let first = found.next()?;
    assert_eq!((&*first.rule, first.element.as_deref(), first.line), (rule, Some("it"), Some(4)));
    assert!(found.next().is_none(), "{steps}");
    Some(first.message)
}

fn agree(steps: &str, found: Option<&str>, expected: Option<&str>) {
    let fits = match (found, expected) {
        (Some(found), Some(expected)) => found.contains(expected),
        (found, expected) => found == expected,
    };
    assert!(fits, "{steps}: {found:?} is not {expected:?}");
}

#[tokio::test]
async fn a_definition_is_warned_of_the_processes_that_it_calls_and_nobody_deployed() {
    let house = house().await;
    let tagged = ASK.replacen("name: ask\n", "name: ask\nversionTag: good\n", 1);
    assert_ne!(tagged, ASK);
    house.deploy("ask", &tagged).await;
    let twice = |id: &str| format!("name: {id}\nid: twice\nsteps:\n  - end: Done\n");
    house.deploy("one", &twice("one")).await;
    house.deploy("two", &twice("two")).await;
    #[rustfmt::skip]
    let cases = [
        ("call: ask",                          None),
        ("call: ask, version: 1",              None),
        ("call: ask, tag: good",               None),
        ("call: '${which}'",                   None),
        ("call: ask, version: '${n}'",         None),
        ("call: asks",                         None),
        ("call: asking",                       None),
        ("call: other",                        Some("no process `other` is deployed")),
        ("call: ask, version: 2",              Some("version 2 of process `ask` is not deployed")),
        ("call: ask, tag: bad",                Some("no deployed version of process `ask` has the tag `bad`")),
        ("call: ask, binding: deployment",     Some("put both into one file")),
        ("call: asking, binding: deployment",  None),
        ("call: twice",                        Some("several definitions have a process `twice`: one, two")),
        ("call: ask, tenant: demo",            None),
        ("call: ask, tenant: ''",              None),
        ("call: ask, tenant: '${t}'",          None),
        ("call: ask, tenant: acme",            Some("it calls `ask`: the process `ask` of the tenant `acme` is not seen")),
        ("call: '${which}', tenant: acme",     Some("it calls `${which}`: the process")),
        ("call: other, tenant: '${t}'",        Some("no process `other` is deployed")),
    ];
    for (steps, expected) in cases {
        agree(steps, warned(&house, "missing-process", steps).await.as_deref(), expected);
    }
}

#[tokio::test]
async fn a_definition_is_warned_of_the_decisions_that_it_asks_for_and_nobody_deployed() {
    let house = house().await;
    house.decision("high", Some("strict")).await;
    #[rustfmt::skip]
    let cases = [
        ("decide: risk",                       None),
        ("decide: risk, version: 1",           None),
        ("decide: risk, tag: strict",          None),
        ("decide: risk, binding: deployment",  None),
        ("decide: '${which}'",                 None),
        ("decide: other",                      Some("no decision `other` is deployed")),
        ("decide: risk, version: 2",           Some("version 2 of the decision `risk` is not deployed")),
        ("decide: risk, tag: lax",             Some("no deployed decision `risk` has the tag `lax`")),
        ("decide: other, binding: deployment", Some("no decision `other` is deployed")),
        ("decide: risk, tenant: demo",         None),
        ("decide: risk, tenant: '${t}'",       None),
        ("decide: risk, tenant: acme",         Some("it evaluates `risk`: the decision `risk` of the tenant `acme` is not seen")),
    ];
    for (steps, expected) in cases {
        agree(steps, warned(&house, "missing-decision", steps).await.as_deref(), expected);
    }
}

#[tokio::test]
async fn while_a_fault_is_tried_again_the_page_does_not_say_that_there_is_nothing_to_do() {
    let house = house().await;
    let (_, _, presented) = house.opened(BROKEN, json!({})).await;
    assert!(matches!(presented.screen, Screen::Trouble), "{:?}", presented.screen);
}

#[tokio::test]
async fn a_form_that_only_turns_out_to_be_unreadable_is_an_incident_at_once() {
    let house = house().await;
    let own = "
name: own
steps:
  - activity: customDataForm
    id: ask
    with:
      dataForm:
        title: { values: { en: Own } }
        components:
          - type: number
            id: age
            label: { values: { en: '${_initVars.label}' } }
            default: '${_initVars.default}'
            validate: { required: '${_initVars.required}' }
";
    let deployed = house.deploy("own", own).await;
    assert!(deployed.warnings.iter().all(|one| one.rule != "missing-form"));
    let with = |required: &str| json!({ "name": required, "parameters": { "label": "<b>", "default": "old", "required": required } });
    let mut screens = Vec::new();
    for required in ["true", "perhaps"] {
        let token = house.token("own", with(required)).await;
        let id = house.create(&token).await.unwrap();
        screens.push(house.rooms.start(&id, None).await.unwrap().screen);
    }
    let Screen::Ask { wait, .. } = &screens[0] else { panic!("{:?}", screens[0]) };
    let shown = json!(wait.form)["form"]["components"][0].clone();
    assert_eq!(shown["label"]["values"]["en"], "<b>", "it is escaped where it is shown");
    assert_eq!(shown["validate"]["required"], true);
    assert!(matches!(screens[1], Screen::Trouble), "{:?}", screens[1]);
    let incident = house.open_incidents(&IncidentFilter::default()).await.remove(0);
    assert_eq!(
        (incident.element_id.as_str(), incident.message.as_str()),
        (
            "ask",
            "the data form cannot be read: $.components[0].validate.required: true or false is needed here, not a text"
        )
    );
}
