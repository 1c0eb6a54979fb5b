//! In which encodings a file may be.

use definitions::{Format, decode, read};

const TEXT: &str = "<?xml version='1.0' encoding='UTF-16'?>\n<definitions \
    xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL'><process id='p' isExecutable='true'>\
    <task id='a' name='Grüße 😀'/></process></definitions>";

fn wide(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    format!("\u{feff}{text}").encode_utf16().flat_map(unit).collect()
}

#[test]
fn utf_16_with_a_byte_order_mark_is_read() {
    for unit in [u16::to_le_bytes, u16::to_be_bytes] {
        let text = decode(wide(TEXT, unit)).unwrap();
        let process = read(Format::Bpmn, &text, &crate::catalog::catalog()).unwrap();
        let names: Vec<&str> = process.nodes().map(|(_, node)| node.name.as_str()).collect();
        assert_eq!(names, ["Grüße 😀"]);
        assert_eq!(text, TEXT.replace("UTF-16", "UTF-8"), "as it is kept, it is UTF-8");
        assert_eq!(decode(wide("name: x", unit)).unwrap(), "name: x");
    }
    let plain = TEXT.replace("UTF-16", "UTF-8");
    assert_eq!(decode(plain.clone().into_bytes()).unwrap(), plain);
    assert_eq!(decode(Vec::new()).unwrap(), "");
}

#[test]
fn other_encodings_are_refused_by_name() {
    let latin = |name: &str| {
        let text = TEXT.replace("UTF-16", name).replace(" 😀", "");
        text.chars().map(|c| c as u8).collect::<Vec<u8>>()
    };
    let unmarked = |unit: fn(u16) -> [u8; 2]| wide(TEXT, unit)[2..].to_vec();
    let odd = [&wide(TEXT, u16::to_le_bytes)[..], b"x"].concat();
    let cases = [
        (latin("ISO-8859-1"), "is in the encoding ISO-8859-1, which is not read; save it as UTF-8"),
        (
            latin("windows-1252"),
            "is in the encoding windows-1252, which is not read; save it as UTF-8",
        ),
        (latin("utf-8"), "is not UTF-8; save it as UTF-8"),
        (b"name: \xff".to_vec(), "is not UTF-8; save it as UTF-8"),
        (unmarked(u16::to_le_bytes), "is in UTF-16 without a byte order mark; save it as UTF-8"),
        (unmarked(u16::to_be_bytes), "is in UTF-16 without a byte order mark; save it as UTF-8"),
        (odd, "is not the UTF-16 that it begins as; save it as UTF-8"),
        (vec![0xff, 0xfe, 0x00, 0xd8], "is not the UTF-16 that it begins as; save it as UTF-8"),
        (
            vec![0xff, 0xfe, 0, 0, b'<', 0, 0, 0],
            "is in the encoding UTF-32, which is not read; save it as UTF-8",
        ),
    ];
    for (bytes, told) in cases {
        assert_eq!(decode(bytes).unwrap_err(), told);
    }
    // What is no more than ASCII is refused when it is read.
    let text = TEXT.replace("UTF-16", "ISO-8859-1").replace("Grüße 😀", "x");
    let flaws = read(Format::Bpmn, &decode(text.into_bytes()).unwrap(), &crate::catalog::catalog());
    let told = "the encoding ISO-8859-1 is not read; save the file as UTF-8";
    assert_eq!(flaws.unwrap_err()[0].message, told);
}
