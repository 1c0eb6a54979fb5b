//! Activities that undo others and are never asked to.

use crate::{catalog, process};
use definitions::{Format, prove};

#[test]
fn what_nothing_ever_undoes_needs_no_undoing() {
    let found = |text: &str| -> Vec<String> {
        let text = format!("name: p\n{text}");
        let findings = prove(&process(Format::Yaml, &text), &catalog::catalog()).findings;
        let of_undo = findings.iter().filter(|one| one.element.as_deref() == Some("undo"));
        let told = of_undo.map(|one| format!("{} {}", one.rule, one.lines.join(" | ")));
        told.collect()
    };
    let work = "      - { do: manual, id: work, on: [{ compensate: true, then: undo }] }
      - { do: manual, id: undo }\n";
    let dead = |way: &str| vec![format!("dead-element start > {way}work > undo")];
    let alone = work.replace("      -", "  -");
    let inside = |kind: &str, rest: &str, after: &str| {
        format!("steps:\n  - id: part\n    {kind}\n    steps:\n{work}{rest}\n{after}")
    };
    let inner = "part > part.start > ";
    let cancel = "transaction: true";
    let cancelled = "      - { end: Failed, cancel: true }\n    on: [{ cancel: true, then: end }]";
    #[rustfmt::skip]
    let cases = [
        (format!("steps:\n{alone}"),                                            dead("")),
        (format!("steps:\n{alone}  - {{ throw: Back, compensate: true }}\n"),   vec![]),
        (format!("steps:\n{alone}  - {{ throw: Back, compensate: work }}\n"),   vec![]),
        (format!("steps:\n{alone}  - end: Done\nevents:\n  - message: back\n    interrupting: false\n    steps: [{{ throw: Back, compensate: true }}]\n"), vec![]),
        (inside("name: Part", "", "  - { throw: Back, compensate: true }"),     vec![]),
        (inside("name: Part", "", "  - { throw: Back, compensate: part }"),     vec![]),
        (inside("name: Part", "", ""),                                          dead(inner)),
        (inside(cancel, cancelled, ""),                                         vec![]),
        (inside(cancel, "", ""),                                                dead(inner)),
    ];
    for (text, told) in cases {
        assert_eq!(found(&text), told, "{text}");
    }
    // What is thrown in another part undoes nothing here.
    let other = "  - { id: other, steps: [{ throw: Back, compensate: true }] }";
    assert_eq!(found(&inside("name: Part", "", other)), dead(inner));
}
