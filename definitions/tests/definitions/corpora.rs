//! The corpora of the fuzz targets as regression tests: every text that once mattered is read again.

use std::fs;
use std::path::Path;

use crate::catalog;

#[path = "../../fuzz/readings.rs"]
mod readings;

fn each(corpus: &str, reads: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(corpus);
    let mut count = 0;
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{corpus}: {error}"));
    for entry in entries {
        let file = entry.unwrap_or_else(|error| panic!("{corpus}: {error}")).path();
        let text = fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let read = std::panic::catch_unwind(|| reads(&text));
        assert!(read.is_ok(), "{} broke it", file.display());
        count += 1;
    }
    assert!(count > 10, "the corpus of {corpus} is there");
}

#[test]
fn no_text_of_the_bpmn_corpus_breaks_the_reader_or_changes_its_meaning() {
    each("bpmn", readings::bpmn);
}

#[test]
fn no_text_of_the_yaml_corpus_breaks_the_reader_or_changes_its_meaning() {
    each("yaml", readings::yaml);
}

#[test]
fn no_text_of_the_expression_corpus_breaks_the_parsers() {
    each("expression", readings::expression);
}

#[test]
fn no_text_of_the_dmn_corpus_breaks_the_reader() {
    each("dmn", readings::dmn);
}
