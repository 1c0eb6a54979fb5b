//! Forms that user tasks of Camunda 7 carry themselves.

use crate::bpmn_elements::{file, flows};
use crate::picture::picture;
use crate::{meaning, process};
use definitions::{Format, write_bpmn, write_yaml};
use expect_test::expect;

/// A user task with these attributes and extension elements, between a start and an end.
fn task(attributes: &str, inside: &str) -> String {
    let task = format!(
        "<bpmn:startEvent id=\"start\" /><bpmn:endEvent id=\"end\" />{}\n<bpmn:userTask id=\"check-loan\" {attributes}><bpmn:extensionElements>{inside}</bpmn:extensionElements></bpmn:userTask>",
        flows("start>check-loan check-loan>end")
    );
    file(&task, "")
}

const LOAN: &str = r##"<camunda:formData>
  <camunda:formField id="firstname" label="First name of ${who}" type="string" defaultValue="Ann">
    <camunda:properties><camunda:property id="hint" value="as in the passport" /></camunda:properties>
    <camunda:validation>
      <camunda:constraint name="required" />
      <camunda:constraint name="minlength" config="2" />
      <camunda:constraint name="maxlength" config="25" />
    </camunda:validation>
  </camunda:formField>
  <camunda:formField id="amount" label="Amount" type="long" defaultValue="1000">
    <camunda:validation><camunda:constraint name="min" config="1" /><camunda:constraint name="max" config="5000" /></camunda:validation>
  </camunda:formField>
  <camunda:formField id="insured" type="boolean" defaultValue="true" />
  <camunda:formField id="due" label="Due" type="date" datePattern="dd.MM.yyyy" defaultValue="24.12.2026" />
  <camunda:formField id="kind" label="Kind" type="enum" defaultValue="#{usual}">
    <camunda:value id="mortgage" name="Mortgage (5%)" />
    <camunda:value id="cash" />
  </camunda:formField>
  <camunda:formField id="note" label="Note" type="string" defaultValue="Dear ${who}, &quot;\${x}&quot; costs ${a + 1}">
    <camunda:validation><camunda:constraint name="readonly" config="true" /></camunda:validation>
  </camunda:formField>
  <camunda:formField id="seen" type="date" />
</camunda:formData>
<camunda:inputOutput>
  <camunda:inputParameter name="readOnlyForm">${closed}</camunda:inputParameter>
  <camunda:outputParameter name="large">${amount &gt; 100}</camunda:outputParameter>
</camunda:inputOutput>"##;

#[test]
fn the_fields_of_a_user_task_become_its_form_and_its_variables() {
    let text = task("name=\"Check the loan of ${who}\"", LOAN);
    let process = process(Format::Bpmn, &text);
    expect![[r#"
        id: p
        steps:
          - start:
          - activity: customDataForm
            id: check-loan
            name: Check the loan of ${who}
            task: user
            with:
              dataForm:
                title: { values: { en: "Check the loan of ${who}" } }
                components:
                  - type: text
                    id: firstname
                    label: { values: { en: "First name of ${who}" } }
                    default: '${execution.hasVariable("firstname") ? execution.getVariable("firstname") : "Ann"}'
                    validate: { required: true, minLength: 2, maxLength: 25 }
                  - type: number
                    id: amount
                    label: { values: { en: Amount } }
                    default: '${execution.hasVariable("amount") ? execution.getVariable("amount") : 1000}'
                    validate: { whole: true, min: 1, max: 5000 }
                  - type: checkbox
                    id: insured
                    label: { values: { en: insured } }
                    default: '${execution.hasVariable("insured") ? execution.getVariable("insured") : true}'
                  - type: date
                    id: due
                    label: { values: { en: Due } }
                    default: '${execution.hasVariable("due") ? execution.getVariable("due") : "24.12.2026"}'
                    defaultDateFormat: DD.MM.YYYY
                  - type: select
                    id: kind
                    label: { values: { en: Kind } }
                    default: '${execution.hasVariable("kind") ? execution.getVariable("kind") : (usual)}'
                    options:
                      - { value: mortgage, label: { values: { en: Mortgage (5%) } } }
                      - { value: cash, label: { values: { en: cash } } }
                  - type: text
                    id: note
                    label: { values: { en: Note } }
                    default: '${execution.hasVariable("note") ? execution.getVariable("note") : "Dear " += (who) += ", \"${x}\" costs " += (a + 1)}'
                    readOnly: true
                  - type: date
                    id: seen
                    label: { values: { en: seen } }
                    default: ${execution.getVariable("seen")}
                    defaultDateFormat: DD/MM/YYYY
              formDataKey: check-loan
              maxAttempts: 4294967295
              readOnlyForm: ${closed}
            out:
              firstname: ${_customFormData["check-loan"]["firstname"]}
              amount: ${_customFormData["check-loan"]["amount"]}
              insured: ${_customFormData["check-loan"]["insured"]}
              due: ${_customFormData["check-loan"]["due"]}
              kind: ${_customFormData["check-loan"]["kind"]}
              note: ${_customFormData["check-loan"]["note"]}
              seen: ${_customFormData["check-loan"]["seen"]}
              large: ${amount > 100}
          - end:
    "#]].assert_eq(&write_yaml(&process));
    // What is written is the activity with its parameters, and means the same.
    let written = write_bpmn(&process, None);
    assert!(!written.contains("<camunda:formData") && written.contains("name=\"dataForm\""));
    assert_eq!(meaning(Format::Bpmn, &written), meaning(Format::Bpmn, &text));
    assert_eq!(meaning(Format::Yaml, &write_yaml(&process)), meaning(Format::Bpmn, &text));
}

#[test]
fn the_properties_of_older_files_are_fields_too() {
    let properties = r#"<camunda:formProperty id="room" name="Room" type="long" required="true" default="${n}" />
<camunda:formProperty id="speaker" variable="SpeakerName" writable="false" />
<camunda:formProperty id="way" type="enum"><camunda:value id="left" name="Go left" /></camunda:formProperty>
<camunda:inputOutput><camunda:inputParameter name="maxAttempts">2</camunda:inputParameter></camunda:inputOutput>"#;
    let german = task("", properties).replacen(
        "<bpmn:process ",
        "<bpmn:process camunda:defaultLanguage=\"de\" ",
        1,
    );
    expect![[r#"
        id: p
        defaultLanguage: de
        steps:
          - start:
          - activity: customDataForm
            id: check-loan
            name: ""
            task: user
            with:
              dataForm:
                title: { values: { de: check-loan } }
                components:
                  - type: number
                    id: room
                    label: { values: { de: Room } }
                    default: '${execution.hasVariable("room") ? execution.getVariable("room") : (n)}'
                    validate: { whole: true, required: true }
                  - type: text
                    id: speaker
                    label: { values: { de: speaker } }
                    default: ${execution.getVariable("SpeakerName")}
                    readOnly: true
                  - type: select
                    id: way
                    label: { values: { de: way } }
                    default: ${execution.getVariable("way")}
                    options:
                      - { value: left, label: { values: { de: Go left } } }
              formDataKey: check-loan
              maxAttempts: 2
            out:
              room: ${_customFormData["check-loan"]["room"]}
              SpeakerName: ${_customFormData["check-loan"]["speaker"]}
              way: ${_customFormData["check-loan"]["way"]}
          - end:
    "#]].assert_eq(&write_yaml(&process(Format::Bpmn, &german)));
}

#[test]
fn what_a_form_cannot_do_is_refused_by_name() {
    let fields = |fields: &str| format!("<camunda:formData>{fields}</camunda:formData>");
    let field = |more: &str| fields(&format!("<camunda:formField id=\"a\" {more} />"));
    let holding = |kind: &str, inside: &str| {
        fields(&format!("<camunda:formField id=\"a\" type=\"{kind}\">{inside}</camunda:formField>"))
    };
    let rule = |kind: &str, rule: &str| {
        let values = if kind == "enum" { "<camunda:value id=\"v\" />" } else { "" };
        holding(
            kind,
            &format!(
                "{values}<camunda:validation><camunda:constraint {rule} /></camunda:validation>"
            ),
        )
    };
    let plain = field("type=\"string\"");
    let output = "<camunda:inputOutput><camunda:outputParameter name=\"a\">${1}</camunda:outputParameter></camunda:inputOutput>";
    let cases = [
        ("camunda:formKey=\"customDataForm\"", plain.clone()),
        ("camunda:formRef=\"f\"", plain.clone()),
        ("", format!("{plain}<camunda:formProperty id=\"b\" />")),
        ("", format!("{plain}{plain}")),
        (
            "",
            format!(
                "{plain}<zeebe:formDefinition xmlns:zeebe=\"http://camunda.org/schema/zeebe/1.0\" formId=\"x\" />"
            ),
        ),
        ("", format!("{plain}{output}")),
        (
            "",
            format!(
                "{plain}<camunda:executionListener event=\"start\" delegateExpression=\"${{addUser}}\" />"
            ),
        ),
        (
            "",
            "<camunda:formData businessKey=\"a\"><camunda:formField id=\"a\" /></camunda:formData>"
                .into(),
        ),
        ("", fields("<camunda:field name=\"a\" />")),
        ("", fields("<camunda:formField type=\"string\" />")),
        ("", fields("<camunda:formField id=\"loan-amount\" type=\"long\" />")),
        ("", fields("<camunda:formField id=\"empty\" type=\"long\" />")),
        ("", fields("<camunda:formField id=\"a\" /><camunda:formField id=\"a\" />")),
        ("", field("type=\"string\" size=\"3\"")),
        ("", field("type=\"money\"")),
        ("", field("type=\"date\" datePattern=\"MM/yyyy\"")),
        ("", field("type=\"enum\"")),
        ("", field("label=\"${a +}\"")),
        ("", field("defaultValue=\"${a +}\"")),
        ("", field("type=\"long\" defaultValue=\"1.5\"")),
        ("", field("type=\"boolean\" defaultValue=\"yes\"")),
        ("", field("type=\"date\" defaultValue=\"2026-12-24\"")),
        (
            "",
            holding("enum", "<camunda:value id=\"v\" />")
                .replace("type", "defaultValue=\"w\" type"),
        ),
        (
            "",
            holding(
                "enum",
                "<camunda:value id=\"v\" /><camunda:value id=\"v\" /><camunda:value />",
            ),
        ),
        ("", holding("string", "<camunda:value id=\"v\" />")),
        ("", holding("string", "<camunda:validator />")),
        ("", rule("string", "name=\"validator\" config=\"org.x.Y\"")),
        ("", rule("string", "name=\"pattern\" config=\".*\"")),
        ("", rule("string", "name=\"required\" config=\"false\"")),
        ("", rule("string", "name=\"min\" config=\"1\"")),
        ("", rule("string", "name=\"maxlength\" config=\"-1\"")),
        ("", rule("long", "name=\"max\" config=\"many\"")),
        ("", rule("enum", "name=\"minlength\" config=\"1\"")),
        ("", rule("long", "config=\"1\"")),
        ("", "<camunda:formProperty id=\"a\" readable=\"false\" />".into()),
        ("", "<camunda:formProperty id=\"a\" expression=\"${b}\" variable=\"c d\" />".into()),
    ];
    let mut told = String::new();
    for (attributes, inside) in cases {
        let said = picture(Format::Bpmn, &task(attributes, &inside));
        assert!(said.contains("line "), "{attributes} {inside}: {said}");
        told.push_str(&said);
    }
    let start = "<bpmn:startEvent id=\"start\"><bpmn:extensionElements><camunda:formData><camunda:formField id=\"a\" type=\"long\" /></camunda:formData></bpmn:extensionElements></bpmn:startEvent><bpmn:endEvent id=\"end\" />";
    told.push_str(&picture(Format::Bpmn, &file(&format!("{start}{}", flows("start>end")), "")));
    expect![[r#"
        line 7: check-loan: the fields of a user task are its form, and camunda:formKey says otherwise; take one away [unsupported-value]
        line 7: check-loan: the fields of a user task are its form, and camunda:formRef says otherwise; take one away [unsupported-value]
        line 7: check-loan: the fields of a user task are its form, and camunda:formProperty says otherwise; take one away [unsupported-value]
        line 7: check-loan: camunda:formData is there twice; keep one [wrong-shape]
        line 7: check-loan: the fields of a user task are its form, and zeebe:formDefinition says otherwise; take one away [unsupported-value]
        line 7: check-loan: the field a sets a variable that an output of the task sets as well; name the output otherwise [unsupported-value]
        line 7: check-loan: the listener addUser is not part of customDataForm; take it away [unknown-listener]
        line 7: check-loan: whoever creates the instance gives its business key; take businessKey away [unsupported-value]
        line 7: check-loan: field in formData is not understood; take it away [unknown-element]
        line 7: check-loan: formField needs the attribute id [missing-attribute]
        line 7: check-loan: "loan-amount" cannot be the id of a field, which becomes a variable; use at most 100 letters, digits and underscores [invalid-variable]
        line 7: check-loan: "empty" cannot be the name of a variable; use letters, digits and underscores, and no word of the expression language [invalid-variable]
        line 7: check-loan: the field a is there twice; keep one [unsupported-value]
        line 7: check-loan: the attribute size of formField is not understood; take it away [unknown-attribute]
        line 7: check-loan: the field a is of the type money, and only string, long, boolean, date and enum are known; take one of them, or deploy a custom data form and name it as camunda:formRef [unsupported-value]
        line 7: check-loan: the datePattern MM/yyyy of a is none of dd/MM/yyyy, yyyy-MM-dd, MM/dd/yyyy, dd.MM.yyyy; take one [unsupported-value]
        line 7: check-loan: the enum a needs values, each a camunda:value [unsupported-value]
        line 7: check-loan: in dataForm: a value is expected here, not the end (at character 6) [invalid-expression]
        line 7: check-loan: in the default: a value is expected here, not the end (at character 6) [invalid-expression]
        line 7: check-loan: the default of a is a whole number, not 1.5 [wrong-type]
        line 7: check-loan: the default of a is true or false, not yes [wrong-type]
        line 7: check-loan: the default of a is a date as dd/MM/yyyy, not 2026-12-24 [wrong-type]
        line 7: check-loan: the default of a is one of its values, not w [wrong-type]
        line 7: check-loan: the value v is there twice; keep one [unsupported-value]
        line 7: check-loan: value needs the attribute id [missing-attribute]
        line 7: check-loan: only an enum has values; take them away from a, or make it one [unsupported-value]
        line 7: check-loan: validator in formField is not understood; take it away [unknown-element]
        line 7: check-loan: no Java is run to validate a; take the validator away, or ask a condition after the task [unsupported-value]
        line 7: check-loan: the constraint pattern of a is none of required, readonly, min, max, minlength and maxlength; take it away [unsupported-value]
        line 7: check-loan: the constraint required of a has no config but true; take it away [unsupported-value]
        line 7: check-loan: the constraint min of a takes a whole number, min and max on a long, minlength and maxlength on a string [unsupported-value]
        line 7: check-loan: the constraint maxlength of a takes a whole number, min and max on a long, minlength and maxlength on a string [unsupported-value]
        line 7: check-loan: the constraint max of a takes a whole number, min and max on a long, minlength and maxlength on a string [unsupported-value]
        line 7: check-loan: the constraint minlength of a takes a whole number, min and max on a long, minlength and maxlength on a string [unsupported-value]
        line 7: check-loan: constraint needs the attribute name [missing-attribute]
        line 7: check-loan: readable="false" of formProperty is not supported; only true is [unsupported-value]
        line 7: check-loan: the attribute expression of formProperty is not understood; take it away [unknown-attribute]
        line 7: check-loan: "c d" cannot be the id of a field, which becomes a variable; use at most 100 letters, digits and underscores [invalid-variable]
        line 4: start: camunda:formData in startEvent is not taken: only a user task has a form, and whoever creates an instance gives its variables; take it away [unknown-element]
    "#]].assert_eq(&told);
}
