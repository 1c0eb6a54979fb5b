//! Hostile texts: whatever is read, nothing panics, nothing runs for long, nothing grows.

use crate::catalog::catalog;
use crate::meaning;
use definitions::{Format, Template, Timer, library, read};
use expect_test::expect;
use std::time::Instant;

const HEAD: &str = "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\">";

/// What is said of a text, without what changes from run to run, and how long it may take.
fn told(format: Format, name: &str, text: &str) -> String {
    let before = Instant::now();
    let flaws = meaning(format, text);
    let seconds = before.elapsed().as_secs();
    assert!(seconds < 60, "{name} took {seconds} seconds");
    let first: String = flaws.lines().next().unwrap_or_default().chars().take(150).collect();
    format!("{name}: {first} (of {})\n", flaws.lines().count())
}

#[test]
fn hostile_xml_is_refused() {
    let laughs: String = (1..10)
        .map(|n| format!("<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10)))
        .collect();
    let attributes: String = (0..1000).map(|n| format!(" a{n}=\"\"")).collect();
    let nodes: String = (0..20_000).map(|n| format!("<endEvent id=\"e{n}\" />")).collect();
    let flows = "<sequenceFlow id=\"f\" sourceRef=\"a\" targetRef=\"b\" />".repeat(10_000);
    let spaces: String = (0..200).map(|n| format!(" xmlns:p{n}=\"urn:{n}\"")).collect();
    let texts = [
        ("laughs", format!("<!DOCTYPE x [<!ENTITY l0 \"ha\">{laughs}]><x>&l9;</x>")),
        ("outside", "<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><x/>".into()),
        ("deep", "<a>".repeat(100_000)),
        ("wide", format!("{HEAD}{}", "<a/>".repeat(200_000))),
        ("attributes", format!("{HEAD}<process{attributes}/></definitions>")),
        (
            "long attribute",
            format!("{HEAD}<process id=\"{}\"/></definitions>", "x".repeat(100_000)),
        ),
        ("long id", format!("{HEAD}<process id=\"{}\"/></definitions>", "x".repeat(1000))),
        ("long text", format!("{HEAD}{}</definitions>", "x".repeat(5 << 20))),
        ("namespaces", format!("<a{spaces}/>")),
        ("nodes", format!("{HEAD}<process id=\"p\">{nodes}</process></definitions>")),
        ("flows", format!("{HEAD}<process id=\"p\">{flows}</process></definitions>")),
        ("references", format!("{HEAD}&#0;</definitions>")),
        ("far reference", format!("{HEAD}&#x110000;</definitions>")),
        ("open comment", format!("{HEAD}<!--")),
        ("open data", format!("{HEAD}<![CDATA[")),
        ("open tag", format!("{HEAD}<process id='")),
        ("instructions", format!("{}{HEAD}</definitions>", "<?x y?>".repeat(1000))),
        ("right to left", format!("{HEAD}<\u{202e}process/></definitions>")),
    ];
    let actual: String = texts.iter().map(|(name, text)| told(Format::Bpmn, name, text)).collect();
    expect![[r#"
        laughs: line 1: a document type is not allowed; take DOCTYPE away [doctype] (of 1)
        outside: line 1: a document type is not allowed; take DOCTYPE away [doctype] (of 1)
        deep: line 1: elements are nested deeper than 64 [too-deep] (of 1)
        wide: line 1: there are more than 100000 elements [too-large] (of 1)
        attributes: line 1: an element has more than 64 attributes [too-many-attributes] (of 1)
        long attribute: line 1: the attribute id is longer than 64 KiB [too-large] (of 1)
        long id: line 1: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…: an id begins with a letter or an underscore, goes on with letters, digits, dots (of 2)
        long text: the text is larger than 4 MiB; a definition is shorter [too-large] (of 1)
        namespaces: line 1: too many namespaces are declared; take away those that are not used [too-large] (of 1)
        nodes: line 1: p: the process has no start event; add one [one-start] (of 1)
        flows: line 1: f: the id is already taken on line 1; give this one another [duplicate-id] (of 200)
        references: line 1: invalid character reference: 0x0 character is not permitted in XML [not-xml] (of 1)
        far reference: line 1: invalid character reference: `1114112` is not a valid codepoint [not-xml] (of 1)
        open comment: line 1: syntax error: comment not closed: `-->` not found before end of input [not-xml] (of 1)
        open data: line 1: syntax error: CDATA not closed: `]]>` not found before end of input [not-xml] (of 1)
        open tag: line 1: syntax error: attribute value not closed: `'` not found before end of input [not-xml] (of 1)
        instructions: line 1: a file holds one process, not 0 [one-process] (of 1)
        right to left: line 1: �process is not supported; take it away [unsupported-element] (of 2)
    "#]].assert_eq(&actual);
}

#[test]
fn hostile_references_stay_small() {
    let long = "x".repeat(60_000);
    let spread = |inside: &str, node: &str| {
        let nodes: String = (0..8_000).map(|n| node.replace('#', &n.to_string())).collect();
        format!("{HEAD}{inside}<process id=\"p\">{nodes}</process></definitions>")
    };
    let deep = "<subProcess id=\"s\">".repeat(100);
    let texts = [
        ("sub-processes", format!("{HEAD}<process id=\"p\">{deep}")),
        (
            "long message",
            spread(
                &format!("<message id=\"m\" name=\"{long}\" />"),
                "<receiveTask id=\"t#\" messageRef=\"m\" />",
            ),
        ),
        (
            "long timer",
            spread(
                &format!("<timerEventDefinition id=\"t\"><timeDuration>${{{long}}}</timeDuration></timerEventDefinition>"),
                "<intermediateCatchEvent id=\"c#\"><eventDefinitionRef>t</eventDefinitionRef></intermediateCatchEvent>",
            ),
        ),
        (
            "long property",
            spread(
                "",
                &format!("<property id=\"d#\" name=\"{}\" />", "x".repeat(100)),
            ),
        ),
        (
            "subscriptions",
            spread(
                &format!(
                    "<correlationProperty id=\"c\">{}</correlationProperty><collaboration id=\"k\"><correlationKey id=\"y\"><correlationPropertyRef>c</correlationPropertyRef></correlationKey></collaboration>",
                    (0..2_000).map(|n| format!("<correlationPropertyRetrievalExpression messageRef=\"m{n}\"><messagePath /></correlationPropertyRetrievalExpression>")).collect::<String>()
                ),
                "<correlationSubscription correlationKeyRef=\"y\"><correlationPropertyBinding correlationPropertyRef=\"c\"><dataPath>${x}</dataPath></correlationPropertyBinding></correlationSubscription>",
            ),
        ),
        (
            "pools",
            format!(
                "{HEAD}{}<collaboration id=\"k\">{}</collaboration></definitions>",
                (0..30_000).map(|n| format!("<process id=\"p{n}\" />")).collect::<String>(),
                (0..30_000).map(|n| format!("<participant id=\"q{n}\" processRef=\"p{n}\" />")).collect::<String>()
            ),
        ),
        (
            "message flows",
            format!(
                "{HEAD}<collaboration id=\"k\">{}</collaboration><process id=\"p\" isExecutable=\"false\" /></definitions>",
                (0..30_000).map(|n| format!("<messageFlow id=\"f{n}\" sourceRef=\"a{n}\" targetRef=\"b{n}\" />")).collect::<String>()
            ),
        ),
    ];
    let actual: String = texts.iter().map(|(name, text)| told(Format::Bpmn, name, text)).collect();
    expect![[r#"
        sub-processes: line 1: elements are nested deeper than 64 [too-deep] (of 1)
        long message: line 1: m: the name is longer than 1000 bytes; shorten it [too-large] (of 200)
        long timer: line 1: t: timerEventDefinition is longer than 1000 bytes; shorten it [too-large] (of 200)
        long property: line 1: p: the process is empty; put something into it [one-start] (of 1)
        subscriptions: line 1: p: another subscription binds this correlation key; take one away [wrong-shape] (of 200)
        pools: line 1: a file holds one process, not 30000 [one-process] (of 1)
        message flows: line 1: f0: sourceRef names a0, but there is no such node or pool [dangling-reference] (of 200)
    "#]].assert_eq(&actual);
}

#[test]
fn hostile_yaml_is_refused() {
    let bomb: String = (1..12)
        .map(|n| format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 10].join(", ")))
        .collect();
    let steps = |step: &str| format!("name: x\nsteps:\n{}", step.repeat(60_000));
    let some = |step: &str| format!("name: x\nsteps:\n{}", step.repeat(8_000));
    let deep: String = (0..1000).map(|n| format!("{}a:\n", " ".repeat(n))).collect();
    let ways = format!("name: x\nsteps:\n  - start:\n    then: [{}]\n", "a, ".repeat(40_000));
    let texts = [
        ("aliases", format!("a0: &a0 [x]\n{bomb}name: *a11\n")),
        ("own alias", "a: &a [*a]".into()),
        ("deep brackets", "[".repeat(100_000)),
        ("deep braces", "{a: ".repeat(100_000)),
        ("deep keys", deep),
        ("long", "x".repeat(2 << 20)),
        ("many steps", steps("  - end:\n")),
        ("some steps", some("  - end:\n")),
        ("some choices", some("  - choose:\n")),
        ("many ways", ways),
        ("long key", format!("{}: x", "k".repeat(10_000))),
        ("many keys", (0..60_000).map(|n| format!("k{n}: x\n")).collect()),
        ("documents", "---\n".repeat(10_000)),
        ("anchors", (0..1000).map(|n| format!("k{n}: &a{n} x\n")).collect()),
        ("numbers", "name: 1e999\nid: .inf\nsteps: 0x7fffffffffffffffffff".into()),
        ("binary", "name: !!binary AAAA\nsteps: []".into()),
    ];
    let actual: String = texts.iter().map(|(name, text)| told(Format::Yaml, name, text)).collect();
    expect![[r#"
        aliases: line 5: budget breached: RecordedAnchorEvents { recorded_anchor_events: 20001 } [not-yaml] (of 1)
        own alias: line 1: recursive references require weak recursion types [not-yaml] (of 1)
        deep brackets: line 1: recursion limit exceeded [not-yaml] (of 1)
        deep braces: line 1: recursion limit exceeded [not-yaml] (of 1)
        deep keys: line 49: the text holds too much, is nested too deeply, repeats itself too often or has too many documents; a definition is simpler [too-large] (of 1)
        long: the text is larger than 1 MiB; a definition is shorter [too-large] (of 1)
        many steps: line 16668: the text holds too much, is nested too deeply, repeats itself too often or has too many documents; a definition is simpler [too-large] (of 1)
        some steps: line 4: end: the id is already taken on line 3; give this one another [duplicate-id] (of 200)
        some choices: {"defaultLanguage":null,"id":"x","name":"x","nodes":null,"supportedLanguages":[]} (of 8003)
        many ways: line 4: start.flow1: the flow leads to a, which does not exist [dangling-reference] (of 200)
        long key: line 1: mapping values are not allowed in this context [not-yaml] (of 1)
        many keys: line 25000: the text holds too much, is nested too deeply, repeats itself too often or has too many documents; a definition is simpler [too-large] (of 1)
        documents: line 101: the text holds too much, is nested too deeply, repeats itself too often or has too many documents; a definition is simpler [too-large] (of 1)
        anchors: line 201: the text holds too much, is nested too deeply, repeats itself too often or has too many documents; a definition is simpler [too-large] (of 1)
        numbers: line 1: non-finite float `1e999` rejected by the configured policy [not-yaml] (of 1)
        binary: line 1: a text has the character U+0000, which XML cannot hold; take it away [not-yaml] (of 1)
    "#]].assert_eq(&actual);
}

/// Numbers that look random and are the same in every run.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % below.max(1) as u64) as usize
    }
}

/// Damages a text at one place: drops, doubles, swaps or overwrites some of it.
pub(crate) fn damaged(text: &str, dice: &mut Dice) -> String {
    if text.is_empty() {
        return String::new();
    }
    const SIGNS: &[u8] = b"<>&;\"'=/!?[]{}$:-#*|% \n\t\0xX09.,()";
    let mut bytes = text.as_bytes().to_vec();
    let at = dice.roll(bytes.len());
    let length = (1 + dice.roll(40)).min(bytes.len() - at);
    match dice.roll(6) {
        0 => drop(bytes.drain(at..at + length)),
        1 => bytes[at] = SIGNS[dice.roll(SIGNS.len())],
        2 => bytes[at] ^= 1 << dice.roll(8),
        3 => {
            let copy = bytes[at..at + length].to_vec();
            let to = dice.roll(bytes.len());
            bytes.splice(to..to, copy);
        }
        4 => bytes.truncate(at),
        _ => bytes.insert(at, SIGNS[dice.roll(SIGNS.len())]),
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn damaged_journeys_never_panic() {
    let catalog = catalog();
    let mut dice = Dice(0x5eed_0001);
    let (mut sound, mut refused) = (0, 0);
    for turn in 0..4000 {
        let journey = library::ALL[turn / 2 % library::ALL.len()];
        let (format, text) = [(Format::Bpmn, journey.bpmn), (Format::Yaml, journey.yaml)][turn % 2];
        let mut text = damaged(text, &mut dice);
        for _ in 0..dice.roll(3) {
            text = damaged(&text, &mut dice);
        }
        match read(format, &text, &catalog) {
            Ok(_) => sound += 1,
            Err(flaws) => {
                assert!(!flaws.is_empty(), "refused without a reason:\n{text}");
                refused += 1;
            }
        }
    }
    assert_eq!(sound + refused, 4000);
    assert!(sound > 200 && refused > 2000, "{sound} sound, {refused} refused");
}

#[test]
fn damaged_expressions_never_panic() {
    let texts = [
        "${execution.hasVariableLocal(\"x\") ? execution.getVariableLocal('x') : false}",
        "a ${idv.config[\"channel\"] > \"\" && !(b <= 3.5e2 / -2)} ß \\${x} ${not empty list[0].y}",
        "P1Y2M10DT2H30M",
    ];
    let scope = crate::expressions::variables();
    let mut dice = Dice(0x5eed_0002);
    for text in texts {
        for _ in 0..4000 {
            let text = damaged(&damaged(text, &mut dice), &mut dice);
            if let Ok(template) = Template::parse(&text) {
                let _ = template.evaluate(&scope);
            }
            if let Ok(timer) = Timer::duration(&text) {
                let _ = timer.schedule(&scope, jiff::Timestamp::UNIX_EPOCH);
            }
        }
    }
}
