//! One declaration is enough: a stranger's activity, and all that derives from it.

use std::collections::BTreeMap;

use activities::{ALL, Activity, Context, Failure, NoEvent, Plugin, coerce};
use expect_test::expect;
use identity::NewUser;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::scene::Scene;

/// Greets somebody.
///
/// As often as is asked for.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Greet {
    /// Name of the one who is greeted.
    #[schemars(title = "Who")]
    user_name: String,
    /// How often.
    #[serde(default = "once")]
    how_often: u8,
    /// How it is said.
    #[serde(default)]
    tone: Tone,
    /// Whether it is said aloud.
    aloud: Option<bool>,
    /// Who hears it.
    #[serde(default)]
    audience: Vec<String>,
    /// What else is said, by language.
    #[serde(default)]
    words: BTreeMap<String, String>,
    /// Anything at all.
    extra: Option<Value>,
}

fn once() -> u8 {
    1
}

#[derive(Deserialize, Serialize, JsonSchema, Default, Debug)]
#[serde(rename_all = "UPPERCASE")]
enum Tone {
    /// Kindly.
    #[default]
    Kind,
    /// Not kindly.
    Gruff,
}

#[derive(Serialize, JsonSchema)]
struct Greeted {
    /// What was said.
    greeting: String,
}

#[derive(Serialize, JsonSchema, Debug)]
enum Unwilling {
    /// Nobody is there.
    #[schemars(title = "Nobody there")]
    NobodyThere,
    /// Nobody listens.
    TooLoud,
}

impl Activity for Greet {
    const NAME: &'static str = "greet";
    const LABEL: &'static str = "Greet";
    const CATEGORY: &'static str = "Manners";
    const ALIASES: &'static [&'static str] = &["greetV1"];
    type Output = Greeted;
    type Error = Unwilling;

    async fn run(self, context: &mut Context<'_>) -> Result<Greeted, Failure<Unwilling>> {
        context.write(&["_greeted", &self.user_name], json!(self.how_often));
        let new = NewUser { external_id: Some(self.user_name.clone()), ..NewUser::default() };
        context.work.add_user("demo", new).await?;
        let aloud = if self.aloud == Some(true) { "!" } else { "" };
        let also = format!("{:?} {:?} {:?} {:?}", self.tone, self.audience, self.words, self.extra);
        match (self.user_name.as_str(), self.how_often) {
            ("nobody", _) => Err(Failure::Event(Unwilling::NobodyThere)),
            (_, 200..) => Err(Failure::Event(Unwilling::TooLoud)),
            ("fault", _) => Err(anyhow::anyhow!("the voice failed").context("no greeting").into()),
            (name, _) => Ok(Greeted { greeting: format!("hello {name}{aloud} {also}") }),
        }
    }
}

/// Does nothing at all.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Idle {}

impl Activity for Idle {
    const NAME: &'static str = "idle";
    const LABEL: &'static str = "Idle";
    const CATEGORY: &'static str = "Manners";
    type Output = ();
    type Error = NoEvent;

    async fn run(self, _: &mut Context<'_>) -> Result<(), Failure<NoEvent>> {
        Ok(())
    }
}

pub(crate) static STRANGERS: &[Plugin] = &[Plugin::local::<Greet>(), Plugin::local::<Idle>()];

#[test]
fn a_declaration_tells_its_shape() {
    let lines: Vec<String> = STRANGERS[0]
        .shape()
        .parameters
        .iter()
        .map(|p| {
            let required = if p.required { "required" } else { "optional" };
            let default = p.default.as_ref().map(Value::to_string).unwrap_or_default();
            format!(
                "{} | {} | {:?} of {:?} | {required} | {default} | {} | {}",
                p.name,
                p.label,
                p.kind,
                p.members,
                p.choices.join(","),
                p.doc
            )
        })
        .collect();
    expect![[r#"
        userName | Who | String of Any | required |  |  | Name of the one who is greeted.
        howOften | How Often | Integer of Any | optional | 1 |  | How often.
        tone | Tone | String of Any | optional | "KIND" | KIND,GRUFF | How it is said.
        aloud | Aloud | Boolean of Any | optional |  |  | Whether it is said aloud.
        audience | Audience | List of String | optional | [] |  | Who hears it.
        words | Words | Map of String | optional | {} |  | What else is said, by language.
        extra | Extra | Any of Any | optional |  |  | Anything at all."#]]
    .assert_eq(&lines.join("\n"));
}

#[test]
fn the_manual_has_a_card_for_it() {
    expect![[r#"
        # Activities

        ## Greet

        `greet` · Manners · acts at once, inside the step's commit

        Greets somebody.

        As often as is asked for.

        Also known as `greetV1`.

        | Parameter | Name | Type | Required | Default | Meaning |
        | --- | --- | --- | --- | --- | --- |
        | Who | `userName` | String | yes |  | Name of the one who is greeted. |
        | How Often | `howOften` | Integer | no | `1` | How often. |
        | Tone | `tone` | String | no | `KIND` | How it is said. One of `KIND`, `GRUFF`. |
        | Aloud | `aloud` | Boolean | no |  | Whether it is said aloud. |
        | Audience | `audience` | List of String | no | `[]` | Who hears it. |
        | Words | `words` | Map of String | no | `{}` | What else is said, by language. |
        | Extra | `extra` | Any | no |  | Anything at all. |

        | Error event | Code | Raised when |
        | --- | --- | --- |
        | Nobody there | `NobodyThere` | Nobody is there. |
        | Too Loud | `TooLoud` | Nobody listens. |

        | Output | Meaning |
        | --- | --- |
        | `greeting` | What was said. |

        ## Idle

        `idle` · Manners · acts at once, inside the step's commit

        Does nothing at all.
    "#]]
    .assert_eq(&activities::manual(STRANGERS));
}

fn given(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap()
}

#[test]
fn text_is_coerced_to_the_declared_type() {
    let table = [
        ("userName", json!("ann"), "\"ann\""),
        ("userName", json!(12), "\"12\""),
        ("userName", json!(1.5), "\"1.5\""),
        ("userName", json!(true), "\"true\""),
        ("userName", json!(["ann"]), "the parameter `userName` (Who) of greet must be a text"),
        ("userName", json!({}), "the parameter `userName` (Who) of greet must be a text"),
        ("userName", json!(""), "greet needs the parameter `userName` (Who)"),
        ("userName", json!("  "), "greet needs the parameter `userName` (Who)"),
        ("userName", Value::Null, "greet needs the parameter `userName` (Who)"),
        ("howOften", json!("3"), "3"),
        ("howOften", json!(" 3 "), "3"),
        ("howOften", json!(3.0), "3"),
        (
            "howOften",
            json!(3.5),
            "the parameter `howOften` (How Often) of greet must be a whole number",
        ),
        (
            "howOften",
            json!("three"),
            "the parameter `howOften` (How Often) of greet must be a whole number",
        ),
        (
            "howOften",
            json!(true),
            "the parameter `howOften` (How Often) of greet must be a whole number",
        ),
        ("howOften", json!(-1), "-1"),
        ("howOften", json!(""), "(default)"),
        ("howOften", Value::Null, "(default)"),
        ("aloud", json!("true"), "true"),
        ("aloud", json!("FALSE"), "false"),
        ("aloud", json!(false), "false"),
        ("aloud", json!("yes"), "the parameter `aloud` (Aloud) of greet must be true or false"),
        ("aloud", json!(1), "the parameter `aloud` (Aloud) of greet must be true or false"),
        ("tone", json!("GRUFF"), "\"GRUFF\""),
        ("tone", json!("gruff"), "the parameter `tone` (Tone) of greet must be one of KIND, GRUFF"),
        ("audience", json!(["a", 2, null]), "[\"a\",\"2\"]"),
        ("audience", json!("[\"a\", \"b\"]"), "[\"a\",\"b\"]"),
        ("audience", json!("[a, b]"), "[\"a\",\"b\"]"),
        ("audience", json!("a, b"), "[\"a\",\"b\"]"),
        ("audience", json!("a"), "[\"a\"]"),
        ("audience", json!([]), "[]"),
        (
            "audience",
            json!([["a"]]),
            "the parameter `audience` (Audience) of greet has a member that must be a text",
        ),
        ("audience", json!({}), "the parameter `audience` (Audience) of greet must be a list"),
        ("words", json!({"de": "hallo", "n": 1, "gone": null}), "{\"de\":\"hallo\",\"n\":\"1\"}"),
        ("words", json!("{\"de\":\"hallo\"}"), "{\"de\":\"hallo\"}"),
        (
            "words",
            json!("hallo"),
            "the parameter `words` (Words) of greet must be a map of names to values",
        ),
        ("extra", json!({"any": ["thing"]}), "{\"any\":[\"thing\"]}"),
        ("extra", json!("1"), "\"1\""),
        ("userNmae", json!("ann"), "greet has no parameter `userNmae`"),
    ];
    for (name, value, wanted) in table {
        let mut parameters = given(json!({ "userName": "bob" }));
        parameters.insert(name.to_owned(), value.clone());
        let got = match coerce(STRANGERS[0].shape(), parameters) {
            Ok(fitting) => fitting.get(name).map_or("(default)".to_owned(), Value::to_string),
            Err(flaw) => flaw.to_string(),
        };
        assert_eq!(got, wanted, "{name} = {value}");
    }
}

#[tokio::test]
async fn a_strangers_activity_runs_like_ours() {
    let mut scene = Scene::new().await;
    let ann = json!({
        "userName": "ann", "howOften": "2", "tone": "GRUFF", "aloud": "true", "audience": "a, b", "extra": [1]
    });
    expect![[r#"
        done {"greeting":"hello ann! Gruff [\"a\", \"b\"] {} Some(Array [Number(1)])"}
        _greeted.ann = 2
        store: UserAdded ann -"#]]
    .assert_eq(&scene.run("greet", ann).await);
    expect!["done"].assert_eq(&scene.run("idle", json!({})).await);
    let names: Vec<&str> = ALL.iter().chain(STRANGERS).map(|plugin| plugin.name).collect();
    assert!(names.contains(&"addUser") && names.contains(&"greet"), "{names:?}");
}

#[tokio::test]
async fn an_event_keeps_what_was_written_and_a_fault_leaves_nothing() {
    let mut scene = Scene::new().await;
    expect![[r#"
        event NobodyThere: Nobody is there.
        _greeted.nobody = 1
        store: UserAdded nobody -"#]]
    .assert_eq(&scene.run("greet", json!({ "userName": "nobody" })).await);
    expect![[r#"
        event TooLoud: Nobody listens.
        _greeted.loud = 200
        store: UserAdded loud -"#]]
    .assert_eq(&scene.run("greet", json!({ "userName": "loud", "howOften": 200 })).await);
    expect!["fault: no greeting: the voice failed"]
        .assert_eq(&scene.run("greet", json!({ "userName": "fault" })).await);
    expect!["fault: the parameter `howOften` (How Often) of greet does not fit its type"]
        .assert_eq(&scene.run("greet", json!({ "userName": "often", "howOften": 300 })).await);
    expect!["fault: greet has no parameter `colour`"]
        .assert_eq(&scene.run("greet", json!({ "userName": "ann", "colour": "red" })).await);
    expect!["fault: customDataForm waits for the end user and cannot be run"]
        .assert_eq(&scene.run("customDataForm", json!({})).await);
    expect!["fault: greet does not wait for the end user"]
        .assert_eq(&scene.open("greet", json!({ "userName": "ann" })).await.unwrap_err());
}

#[tokio::test]
async fn a_conflict_is_told_from_other_faults() {
    let conflict = || {
        identity::Error::Storage(storage::Error::Conflict { table: "users", key: "ann".to_owned() })
    };
    let database = || identity::Error::Storage(storage::Error::Database("full".to_owned()));
    let cases: [(Failure<NoEvent>, bool); 5] = [
        (conflict().into(), true),
        (anyhow::Error::from(conflict()).context("while greeting").into(), true),
        (database().into(), false),
        (identity::Error::StoreMissing("demo".to_owned()).into(), false),
        (anyhow::anyhow!("something else").into(), false),
    ];
    for (failure, wanted) in cases {
        assert_eq!(failure.is_conflict(), wanted, "{failure:?}");
    }
    assert!(!Failure::Event(Unwilling::TooLoud).is_conflict());
}
