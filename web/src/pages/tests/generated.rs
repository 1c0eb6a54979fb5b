//! Forms that a BPMN file carries itself, as `camunda:formData`: deployed, opened, answered wrongly and rightly.

use super::*;

const LOAN: &str = r##"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="x">
<process id="loan" isExecutable="true" camunda:defaultLanguage="en">
  <startEvent id="start" />
  <sequenceFlow id="f1" sourceRef="start" targetRef="ask-loan" />
  <userTask id="ask-loan" name="Your loan"><extensionElements><camunda:formData>
    <camunda:formField id="name" label="Name, ${_initVars.greeting}" type="string" defaultValue="${_initVars.greeting}">
      <camunda:validation><camunda:constraint name="required" /><camunda:constraint name="maxlength" config="12" /></camunda:validation>
    </camunda:formField>
    <camunda:formField id="amount" label="Amount" type="long" defaultValue="1000">
      <camunda:validation><camunda:constraint name="min" config="100" /></camunda:validation>
    </camunda:formField>
    <camunda:formField id="insured" label="Insured" type="boolean" />
    <camunda:formField id="due" label="Due" type="date" defaultValue="24/12/2026" />
    <camunda:formField id="kind" label="Kind" type="enum" defaultValue="cash">
      <camunda:value id="mortgage" name="Mortgage" /><camunda:value id="cash" name="Cash" />
    </camunda:formField>
    <camunda:formField id="note" label="Note" type="string" />
  </camunda:formData>
  <camunda:inputOutput><camunda:outputParameter name="twice">${amount * 2}</camunda:outputParameter></camunda:inputOutput>
  </extensionElements></userTask>
  <sequenceFlow id="f2" sourceRef="ask-loan" targetRef="check-loan" />
  <userTask id="check-loan" name="Check ${name}"><extensionElements><camunda:formData>
    <camunda:formField id="amount" label="Amount" type="long">
      <camunda:validation><camunda:constraint name="readonly" /></camunda:validation>
    </camunda:formField>
    <camunda:formField id="note" label="Note" type="string" defaultValue="not shown" />
    <camunda:formField id="reason" label="Reason" type="string" defaultValue="${kind} of ${amount}" />
    <camunda:formField id="rounds" label="Rounds" type="long" />
  </camunda:formData></extensionElements></userTask>
  <sequenceFlow id="f3" sourceRef="check-loan" targetRef="end" />
  <endEvent id="end" />
</process></definitions>"##;

impl House {
    async fn bpmn(&self, name: &str, source: &str) -> Result<runtime::Definition, runtime::Error> {
        let mut new = definition(name, source);
        new.format = Format::Bpmn;
        self.rooms.add_definition(new).await
    }
}

#[tokio::test]
async fn the_fields_of_a_task_are_asked_on_its_page_and_become_typed_variables() {
    let house = House::open().await;
    let deployed = house.bpmn("loan", LOAN).await.expect("a definition");
    let missing = deployed.warnings.iter().find(|warning| warning.rule == "missing-form");
    assert!(missing.is_none(), "{missing:?}");
    let hostile = "<script>{{processvar._initVars.secret}}";
    let token = json!({ "name": "loan", "processDefnName": "loan", "status": "ACTIVE",
        "type": "UNLIMITED", "parameters": { "greeting": hostile, "secret": "open-sesame" } });
    let token = serde_json::from_value(token).expect("a token");
    let token = house.rooms.add_token(token).await.expect("a token").id;
    let visitor = house.visit(&token, "").await;
    let id = visitor.path.trim_start_matches("/web/journeys/demo/").to_owned();

    let page = visitor.look().await;
    assert_eq!(page.heading(), "Your loan");
    let shown = "&lt;script&gt;{{processvar._initVars.secret}}";
    assert!(page.text.contains(&format!("Name, {shown}")), "{}", page.text);
    assert!(!page.text.contains("<script>") && !page.text.contains("open-sesame"));
    let input = |page: &Answer, id: &str| page.between(&format!("id=\"field-{id}\""), ">");
    assert!(input(&page, "name").contains(&format!("value=\"{shown}\"")), "{}", page.text);
    assert!(input(&page, "amount").contains("type=\"number\" value=\"1000\""));
    assert!(input(&page, "due").contains("type=\"date\" value=\"2026-12-24\""));
    assert!(page.between("value=\"cash\"", ">").contains("selected"), "{}", page.text);

    let wrong = "data.name=&data.amount=7&data.due=soon&data.kind=gold&data.note=%3Cb%3E";
    let wrong = visitor.answer(&page, wrong).await;
    assert_eq!(wrong.status, StatusCode::OK);
    let summary = wrong.between("<div class=\"summary\"", "</div>");
    for field in ["name", "amount", "due", "kind"] {
        assert!(summary.contains(&format!("href=\"#field-{field}\"")), "{field}: {summary}");
    }
    assert!(!summary.contains("field-note") && !wrong.text.contains("<b>"));
    // There is no limit to attempts, as there is none where the file comes from.
    let mut page = wrong;
    for _ in 0..3 {
        page = visitor.answer(&page, "data.name=Ann&data.amount=250.5").await;
    }
    assert!(page.text.contains("Please enter a whole number in “Amount”."), "{}", page.text);
    let right = "data.name=Ann&data.amount=250&data.insured=true&data.due=2027-01-31&data.kind=mortgage&data.note={{processvar._initVars.secret}}";
    assert_eq!(visitor.answer(&page, right).await.status, StatusCode::SEE_OTHER);
    let variables = house.rooms.instance_variables(&id).await.expect("variables");
    let kept = |names: &[&str]| -> Value {
        names.iter().map(|name| (name.to_string(), variables[*name].clone())).collect()
    };
    assert_eq!(
        kept(&["name", "amount", "insured", "due", "kind", "twice"]),
        json!({ "name": "Ann", "amount": 250, "insured": true, "due": "2027-01-31",
            "kind": "mortgage", "twice": 500 })
    );

    let page = visitor.look().await;
    assert_eq!(page.heading(), "Check Ann");
    assert!(input(&page, "amount").contains("value=\"250\""), "a variable is shown again");
    assert!(input(&page, "amount").contains("readonly"));
    assert!(input(&page, "note").contains("value=\"{{processvar._initVars.secret}}\""));
    assert!(input(&page, "reason").contains("value=\"mortgage of 250\""));
    assert!(!page.text.contains("open-sesame"));
    let done = "data.amount=9999&data.note=seen&data.reason=&data.rounds=";
    assert_eq!(visitor.answer(&page, done).await.status, StatusCode::SEE_OTHER);
    assert_eq!(visitor.look().await.heading(), "All done");
    let variables = house.rooms.instance_variables(&id).await.expect("variables");
    assert_eq!((&variables["amount"], &variables["note"]), (&json!(250), &json!("seen")));
    assert_eq!((&variables["reason"], &variables["rounds"]), (&json!(""), &Value::Null));
    assert_eq!(variables["_customFormData"]["ask-loan"]["amount"], 250);
}

#[tokio::test]
async fn a_form_that_cannot_be_read_is_found_when_its_definition_is_deployed() {
    let house = House::open().await;
    let flaws = |refused| match refused {
        Err(runtime::Error::Flaws(flaws)) => {
            flaws.iter().map(|flaw| format!("{flaw}\n")).collect::<String>()
        }
        other => panic!("{other:?}"),
    };
    let template = LOAN.replace("label=\"Note\"", "label=\"{{processvar.name}}\"");
    let wrong = flaws(house.bpmn("loan", &template).await);
    expect![[r#"
        line 5: ask-loan: in dataForm: $.components[5].label.values.en: `{{processvar.name}}` is for deployed forms; write an expression here, ${…} [invalid-parameter]
        line 22: check-loan: in dataForm: $.components[1].label.values.en: `{{processvar.name}}` is for deployed forms; write an expression here, ${…} [invalid-parameter]
    "#]].assert_eq(&wrong);
    let yaml = "name: own
steps:
  - activity: customDataForm
    with:
      dataFormName: question
      dataForm:
        title: { values: { en: 'For ${who}' } }
        components:
          - { type: text, id: a, label: { values: { en: '${label}' } }, default: '${a}', size: 3 }
          - { type: number, id: a, default: many }
          - '${more}'
";
    let refused = house.rooms.add_definition(definition("own", yaml)).await;
    expect![[r#"
        line 5: customDataForm: in dataFormName: dataForm is the form itself; take dataFormName away, or dataForm [invalid-parameter]
        line 6: customDataForm: in dataForm: $.components[0]: `size` is not known here [invalid-parameter]
        line 6: customDataForm: in dataForm: $.components[1].default: a number is needed here [invalid-parameter]
        line 6: customDataForm: in dataForm: $.components[1].label: a field needs a label with a text in at least one language [invalid-parameter]
        line 6: customDataForm: in dataForm: $.components[1].id: the id `a` is taken [invalid-parameter]
    "#]].assert_eq(&flaws(refused));
}
