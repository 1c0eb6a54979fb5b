//! Secrets: what a page shows or takes in secret lies open nowhere else.

use std::path::Path;

use identity::Who;

use super::*;

const SECRETS: &str = r#"
name: secrets
steps:
  - activity: addUser
    with: { storeName: demo, userExternalId: somebody-in-plain-text, userKey: user1 }
  - activity: startTotpRegistration
    with: { storeName: demo, totpPolicy: app, userKey: user1 }
  - activity: customDataForm
    id: scan
    with: { dataFormName: totp-registration, dataFormVersion: 1, formDataKey: scan1 }
  - activity: completeTotpRegistration
    with: { submittedCode: '${_customFormData["scan1"]["submittedCode"]}' }
    on:
      - { error: TotpCodeNotAccepted, then: generateRecoveryCodes }
  - activity: generateRecoveryCodes
    with: { storeName: demo, recoveryCodePolicy: codes, userKey: user1 }
  - activity: customDataForm
    id: keep
    with: { dataFormName: recovery-codes, dataFormVersion: 1, formDataKey: keep1 }
  - activity: customDataForm
    id: type
    with: { dataFormName: recovery-code-authentication, dataFormVersion: 1, formDataKey: type1 }
  - activity: customDataForm
    id: rest
    with: { dataFormName: question, dataFormVersion: 1, formDataKey: rest1 }
  - activity: confirmRecoveryCodes
  - activity: recoveryCodeAuthentication
    with:
      storeName: demo
      recoveryCodePolicy: codes
      userKey: user1
      submittedCode: '${_customFormData["type1"]["recoveryCode"]}'
  - activity: customDataForm
    id: last
    with: { dataFormName: recovery-codes, dataFormVersion: 1, formDataKey: last1 }
"#;

#[tokio::test]
async fn a_secret_is_shown_to_its_end_user_and_lies_open_nowhere_else() {
    let folder = Folder::new();
    let house = open(Some(&folder.0), &noon()).await;
    house.prepare().await;
    let (id, secret, scan) = house.opened(SECRETS, json!({})).await;
    let address = content(&scan);
    let key = address.split("secret=").nth(1).and_then(|rest| rest.split('&').next()).unwrap();
    assert!(address.starts_with("otpauth://totp/") && key.len() >= 32, "{address}");
    let again = house.rooms.present(&id, Some(&secret)).await.unwrap();
    assert_eq!(content(&again), address, "a page that is opened again shows the same");
    assert!(house.rooms.present(&id, None).await.is_err(), "and to nobody else");

    let wrong = house.answer(&id, &secret, &scan, json!({ "submittedCode": "918 273 645" })).await;
    let codes = content(&wrong);
    assert_eq!(codes.lines().count(), 2, "{codes}");
    let typed = house.answer(&id, &secret, &wrong, json!({ "kept": true })).await;
    let first = codes.lines().next().unwrap();
    let resting = house.answer(&id, &secret, &typed, json!({ "recoveryCode": first })).await;

    let mut hidden = vec![key, "918 273 645"];
    hidden.extend(codes.lines());
    let shown = house.operators_see(&id).await;
    assert!(shown.contains("sealed") && shown.contains("somebody-in-plain-text"), "{shown}");
    for secret in &hidden {
        assert!(!shown.contains(secret), "{secret} is shown to operators: {shown}");
    }
    let last = house.answer(&id, &secret, &resting, json!({ "answer": "go on" })).await;
    assert_eq!(content(&last), "", "codes that were confirmed are shown no more");
    let variables = house.rooms.instance_variables(&id).await.unwrap();
    assert_eq!(variables["_checks"]["recoveryAuth1"]["status"], "PASS", "a sealed code is read");

    house.runtime.close().await;
    drop(house);
    let kept = bytes_in(&folder.0);
    let has = |text: &str| kept.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(has("somebody-in-plain-text") && has("{{sealed."), "what is not sealed is found");
    for secret in hidden {
        assert!(!has(secret), "{secret} lies in the data folder");
    }
}

#[tokio::test]
async fn a_reference_that_is_taken_into_another_journey_opens_nothing() {
    let house = house().await;
    house.prepare().await;
    let (id, ..) = house.opened(SECRETS, json!({})).await;
    let variables = house.rooms.instance_variables(&id).await.unwrap();
    let stolen = variables["_identityStore"]["currentTOTP"]["qrCodeString"].clone();
    let other = "
name: other
steps:
  - activity: customDataForm
    with: { dataFormName: stolen, dataFormVersion: 1, formDataKey: form1 }
";
    let form = forms_of("recovery-codes")
        .replace("{{processvar._identityStore.recoveryCodes1.text}}", stolen.as_str().unwrap());
    house.add_form("stolen", form).await;
    let (.., presented) = house.opened(other, json!({})).await;
    assert_eq!(content(&presented), "");
}

impl House {
    async fn prepare(&self) {
        for form in ["totp-registration", "recovery-codes", "recovery-code-authentication"] {
            self.add_form(form, forms_of(form)).await;
        }
        let mut work = self.rooms.identity();
        work.add_totp_policy("demo", "app", Map::new()).await.unwrap();
        let two = Map::from_iter([("count".to_owned(), json!(2))]);
        work.add_recovery_code_policy("demo", "codes", two).await.unwrap();
        work.commit().await.unwrap();
    }

    async fn add_form(&self, name: &str, resource: String) {
        let name = name.to_owned();
        let form = NewForm { name, description: None, resource, deploy: true };
        self.rooms.add_form(form).await.unwrap();
    }

    async fn answer(&self, id: &str, secret: &str, asked: &Presented, data: Value) -> Presented {
        let mut answer = answer(asked, "");
        answer.submission.data = data.as_object().unwrap().clone();
        let presented = self.rooms.submit(id, Some(secret), answer).await.unwrap();
        assert!(!presented.stale);
        presented
    }

    /// All that the interfaces for operators tell of an instance and of its user.
    async fn operators_see(&self, id: &str) -> String {
        let rooms = &self.rooms;
        let history =
            HistoryQuery { kinds: Vec::new(), element: None, after: 0, limit: 1000, values: true };
        let somebody = Who::ExternalId("somebody-in-plain-text".to_owned());
        let told = [
            serde_json::to_string(&rooms.instance_variables(id).await.unwrap()),
            serde_json::to_string(&rooms.read_variables(id).await.unwrap()),
            serde_json::to_string(&rooms.instance_state(id, true).await.unwrap()),
            serde_json::to_string(&rooms.instance_history(id, &history).await.unwrap()),
            serde_json::to_string(&rooms.identity().read_user("demo", &somebody).await.unwrap()),
            Ok(format!("{:?}", rooms.read_instance(id).await.unwrap())),
        ];
        told.map(Result::unwrap).join("\n")
    }
}

fn forms_of(name: &str) -> String {
    let (_, form) = forms::library::ALL.iter().find(|(known, _)| *known == name).unwrap();
    (*form).to_owned()
}

/// What the code or the list of codes on a page holds.
fn content(presented: &Presented) -> String {
    let Screen::Ask { wait, .. } = &presented.screen else { panic!("{:?}", presented.screen) };
    let form = &wait.form.as_ref().unwrap().form;
    let content = form.components().iter().find_map(|component| match &component.body {
        forms::Body::Shown(forms::Shown::QrCode { content, .. })
        | forms::Body::Shown(forms::Shown::Codes { content }) => Some(content.clone()),
        _ => None,
    });
    content.unwrap_or_default()
}

fn bytes_in(folder: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        bytes.extend(if path.is_dir() { bytes_in(&path) } else { std::fs::read(&path).unwrap() });
    }
    bytes
}
