//! What a request of the wrong shape is told, and where.

use super::stage::{ADMIN, Stage};

const STORES: &str = "/api/identity-store/stores";
const TOKENS: &str = "/api/process-manager/processTokens";
const DEFINITIONS: &str = "/api/process-manager/processDefinitions";
const FORMS: &str = "/api/process-manager/customDataForms";

#[tokio::test]
async fn a_body_of_the_wrong_shape_gets_400_with_the_path() {
    let stage = Stage::new().await;
    let users = format!("{STORES}/demo/users");
    let session = format!("{STORES}/demo/passcodes/registrations/sessions/X");
    let token = r#"{"name":"a","processDefnName":"b","status":"ACTIVE","type":"UNLIMITED""#;
    let deep = format!(r#"{{"name":{}"#, "[".repeat(200));
    #[rustfmt::skip]
    let cases: Vec<(&str, String, &str)> = vec![
        (STORES,      String::new(),                                              "name: is missing"),
        (STORES,      "{}".into(),                                                "name: is missing"),
        (STORES,      r#"{"name":1}"#.into(),                                     "name: invalid type: integer `1`"),
        (STORES,      r#"{"name":null}"#.into(),                                  "name: invalid type: null"),
        (STORES,      r#"{"name":"a","nmae":"b"}"#.into(),                        "nmae: unknown field `nmae`"),
        (STORES,      r#"{"name":"a","name":"b"}"#.into(),                        "name: is given twice"),
        (STORES,      r#"{"name":"a"} {}"#.into(),                                "trailing characters"),
        (STORES,      r#"["a"]"#.into(),                                          "the body has to be an object"),
        (STORES,      "{".into(),                                                 "EOF while parsing an object"),
        (STORES,      "null".into(),                                              "invalid type: null"),
        (STORES,      deep,                                                       "name: "),
        (STORES,      r#"{"name":"a","configuration":{"userLockConfig":{"mode":"X"}}}"#.into(), "configuration.userLockConfig.mode: unknown variant `X`"),
        (&users,      r#"{"attributes":{"a":1}}"#.into(),                         "attributes.a: invalid type: integer `1`"),
        (&users,      r#"{"status":"SLEEPING"}"#.into(),                          "status: unknown variant `SLEEPING`"),
        (&session,    "{}".into(),                                                "srpRegistrationData: is missing"),
        (&session,    r#"{"srpRegistrationData":{}}"#.into(),                     "srpRegistrationData.verifier: is missing"),
        (&session,    r#"{"srpRegistrationData":{"verifier":"?"}}"#.into(),       "srpRegistrationData.verifier: is not base64"),
        (TOKENS,      format!(r#"{token},"maxCount":-1}}"#),                      "maxCount: invalid value: integer `-1`"),
        (TOKENS,      format!(r#"{token},"notAfterDtm":"soon"}}"#),               "notAfterDtm: "),
        (TOKENS,      format!(r#"{token},"parameters":{{"a":["b"]}}}}"#),         "parameters.a: invalid type: sequence"),
        (DEFINITIONS, r#"{"name":"a"}"#.into(),                                   "resources: is missing"),
        (DEFINITIONS, r#"{"name":"a","resources":{}}"#.into(),                    "resources: has to have one member"),
        (DEFINITIONS, r#"{"name":"a","resources":{"bpmn":{"data":"","type":"X"}}}"#.into(), "resources.bpmn.type: unknown variant `X`"),
        (DEFINITIONS, r#"{"name":"a","resources":{"bpmn":{"data":"?","type":"BPMN"}}}"#.into(), "resources.bpmn.data: is not base64"),
        (DEFINITIONS, r#"{"name":"a","resources":{"bpmn":{"data":"/w==","type":"BPMN"}}}"#.into(), "resources.bpmn.data: is not UTF-8"),
        (DEFINITIONS, r#"{"name":"a","resources":{"xml":{"data":"","type":"BPMN"}}}"#.into(), "resources.xml: a member of this type is called bpmn"),
        (FORMS,       r#"{"name":"a","resource":{}}"#.into(),                     "resource: invalid type: map"),
        (FORMS,       r#"{"name":"a","resource":"{}","creationOption":"Deploy"}"#.into(), "creationOption: unknown variant `Deploy`"),
    ];
    for (path, body, expected) in cases {
        let headers = [("authorization", "Bearer admin"), ("content-type", "application/json")];
        let answer = stage.send("POST", path, &headers, body.clone()).await;
        assert_eq!(answer.status.as_u16(), 400, "{path} {body}: {}", answer.text);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        let problem = answer.json();
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.starts_with(expected), "{path} {body}: {detail}");
        if let Some((place, _)) =
            expected.split_once(": ").filter(|(place, _)| !place.contains(' '))
        {
            assert_eq!(problem["errors"][0]["path"], place, "{path} {body}");
        }
    }
}

#[tokio::test]
async fn a_query_or_path_of_the_wrong_shape_gets_400_with_the_path() {
    let stage = Stage::new().await;
    let instances = "/api/process-manager/processInstances";
    let status = format!("{DEFINITIONS}/X/status/SLEEPING");
    #[rustfmt::skip]
    let cases: Vec<(&str, String, &str, &str)> = vec![
        ("GET",  format!("{STORES}?size=0"),                             "size",                  "has to be a number from 1 to 1000"),
        ("GET",  format!("{STORES}?page=x"),                             "page",                  "has to be a number"),
        ("GET",  format!("{STORES}?page=1&page=2"),                      "page",                  "is given twice"),
        ("GET",  format!("{STORES}?nmae=x"),                             "nmae",                  "unknown field `nmae`"),
        ("GET",  format!("{STORES}?sort=size,asc"),                      "sort",                  "this list can be sorted by name,asc or name,desc"),
        ("GET",  format!("{instances}?startDateTime=x"),                 "startDateTime",         ""),
        ("GET",  format!("{instances}/search?processInstanceStatus=x"),  "processInstanceStatus", "unknown variant `x`"),
        ("POST", instances.to_owned(),                                   "pt",                    "is missing"),
        ("POST", format!("{instances}/create?pt=a&pt=b"),                "pt",                    "is given twice"),
        ("POST", format!("{instances}/create?pt=a&x=b"),                 "x",                     "unknown field `x`"),
        ("POST", format!("{instances}/create?pt=a&tn=acme"),             "tn",                    "is not the tenant"),
        ("POST", status,                                                 "status",                "unknown variant `SLEEPING`"),
        ("POST", "/api/process-server/startProcess".to_owned(),          "pi",                    "is missing"),
    ];
    for (method, path, place, message) in cases {
        let answer = stage.call(method, &path, "").await;
        assert_eq!(answer.status.as_u16(), 400, "{path}: {}", answer.text);
        let error = &answer.json()["errors"][0];
        assert_eq!(error["path"], place, "{path}: {error}");
        assert!(error["message"].as_str().unwrap().starts_with(message), "{path}: {error}");
    }
}

#[tokio::test]
async fn what_does_not_fit_the_protocol_is_a_problem_too() {
    let stage = Stage::new().await;
    let bearer = format!("Bearer {ADMIN}");
    let large = format!(r#"{{"name":"{}"}}"#, "x".repeat(300_000));
    #[rustfmt::skip]
    let cases: [(&str, &str, &str, &str, u16); 8] = [
        ("GET",    "/api",                       "",                                  "",                404),
        ("GET",    "/api/identity-store/stores/","",                                  "",                404),
        ("PATCH",  STORES,                       "application/json",                  "{}",              405),
        ("PUT",    STORES,                       "application/json",                  "{}",              405),
        ("POST",   STORES,                       "text/plain",                        r#"{"name":"a"}"#, 415),
        ("POST",   STORES,                       "",                                  r#"{"name":"a"}"#, 415),
        ("POST",   STORES,                       "application/x-www-form-urlencoded", "name=a",          415),
        ("POST",   STORES,                       "application/json",                  &large,            413),
    ];
    for (method, path, media, body, expected) in cases {
        let mut headers = vec![("authorization", bearer.as_str())];
        if !media.is_empty() {
            headers.push(("content-type", media));
        }
        let answer = stage.send(method, path, &headers, body.to_owned()).await;
        assert_eq!(answer.status.as_u16(), expected, "{method} {path}: {}", answer.text);
        assert_eq!(answer.header("content-type"), "application/problem+json", "{method} {path}");
        assert_eq!(answer.json()["status"], expected);
    }
    let answer = stage.send("PATCH", STORES, &[], "").await;
    assert_eq!(answer.header("allow"), "POST,GET,HEAD");
    let headers =
        [("authorization", bearer.as_str()), ("content-type", "APPLICATION/JSON; charset=utf-8")];
    let answer = stage.send("POST", STORES, &headers, r#"{"name":"a"}"#).await;
    assert_eq!(answer.status.as_u16(), 201);
}

#[tokio::test]
async fn a_large_body_is_refused_without_being_announced() {
    let stage = Stage::new().await;
    let bearer = format!("Bearer {ADMIN}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let piece = || Ok::<_, std::io::Error>("x".repeat(100_000));
    let body = axum::body::Body::from_stream(futures::stream::iter((0..5).map(move |_| piece())));
    let answer = stage.send("POST", STORES, &headers, body).await;
    assert_eq!(answer.status.as_u16(), 413);
}

#[tokio::test]
async fn a_stranger_is_turned_away_before_his_body_is_read() {
    let stage = Stage::new().await;
    let body = futures::stream::once(async {
        panic!("the body was read");
        #[expect(unreachable_code, reason = "it says the type of what is never sent")]
        Ok::<String, std::io::Error>(String::new())
    });
    let body = axum::body::Body::from_stream(body);
    let headers = [("content-type", "application/json")];
    assert_eq!(stage.send("POST", STORES, &headers, body).await.status.as_u16(), 401);
}
