//! The shipped journeys in a real browser against the real binary.

use crate::house::House;
use crate::visitor::{SUMMARY, Visitor};
use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER};
use tests::server::Server;

const PASSCODE: &str = "Sonne+7unten";
const WRONG: &str = "Sonne+7oben!";

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_registers_a_passcode_and_signs_in_with_the_printed_links() {
    let house = House::open().await;
    let visitor = Visitor::photographer("en").await;
    tour(&house.server, &visitor).await;
    assert_never_sent(&house);
    visitor.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_in_arabic_from_right_to_left() {
    let house = House::open().await;
    let visitor = Visitor::photographer("ar").await;
    tour(&house.server, &visitor).await;
    visitor.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_in_german() {
    let house = House::open().await;
    let visitor = Visitor::new("de").await;
    tour(&house.server, &visitor).await;
    visitor.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_wrong_passcodes_end_on_a_page_that_does_not_say_why_and_so_does_the_right_one_then()
{
    let mut house = House::open().await;
    let visitor = Visitor::photographer("en").await;
    visitor.open(&house.server.link("registration")).await;
    visitor.type_passcode(PASSCODE).await;
    visitor.submit().await;
    visitor.open(&house.server.link("authentication")).await;
    for _ in 0..3 {
        visitor.type_passcode(WRONG).await;
        visitor.submit().await;
    }
    visitor.look("not-signed-in").await;
    let refused = visitor.text("main").await;
    assert!(!refused.to_lowercase().contains("lock"), "{refused}");
    assert_eq!(house.user("demo-user").await["status"], "TEMP_LOCKED");
    visitor.open(&house.server.link("authentication")).await;
    for _ in 0..3 {
        visitor.type_passcode(PASSCODE).await;
        visitor.submit().await;
    }
    assert_eq!(visitor.text("main").await, refused, "a locked person sees what a stranger sees");
    visitor.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_back_to_the_registration_link_is_not_told_that_all_is_done() {
    let house = House::open().await;
    let visitor = Visitor::photographer("en").await;
    visitor.open(&house.server.link("registration")).await;
    visitor.type_passcode(PASSCODE).await;
    visitor.submit().await;
    assert_eq!(visitor.heading().await, "All done");
    visitor.open(&house.server.link("registration")).await;
    assert_ne!(visitor.heading().await, "All done");
    visitor.look("registered-already").await;
    visitor.leave().await;
}

/// Both printed links from their first page to their last, each page looked at.
async fn tour(server: &Server, visitor: &Visitor) {
    visitor.open(&server.link("registration")).await;
    assert!(visitor.rules().await.len() >= 4, "the rules are shown");
    visitor.look("registration").await;
    visitor.type_passcode("sonne").await;
    let some = visitor.rules().await;
    assert!(some.iter().any(|(_, met)| *met) && some.iter().any(|(_, met)| !met), "{some:?}");
    visitor.look("registration-typing").await;
    let title = visitor.title().await;
    visitor.press().await;
    visitor.until(SUMMARY).await;
    // In Arabic the words of the page are set apart by marks that nobody sees.
    let title_of_error = visitor.title().await.replace(['\u{2068}', '\u{2069}'], "");
    let before = title_of_error.strip_suffix(&title).unwrap_or_default();
    assert!(before.ends_with(": "), "{title_of_error} of {title}");
    visitor.look("registration-refused").await;
    visitor.type_passcode(PASSCODE).await;
    assert_eq!(visitor.title().await, title, "nothing is wrong any more");
    let all = visitor.rules().await;
    assert!(all.iter().all(|(_, met)| *met), "{all:?}");
    visitor.look("registration-ready").await;
    visitor.submit().await;
    visitor.look("registered").await;

    visitor.open(&server.link("authentication")).await;
    visitor.look("sign-in").await;
    visitor.type_passcode(WRONG).await;
    visitor.submit().await;
    visitor.until(SUMMARY).await;
    visitor.look("sign-in-refused").await;
    visitor.type_passcode(PASSCODE).await;
    visitor.submit().await;
    visitor.look("signed-in").await;
}

/// Neither the passcode nor anything that is easily made from it alone was sent.
fn assert_never_sent(house: &House) {
    let sent = house.wire.sent();
    assert!(sent.contains("verifier") || sent.contains("Verifier"), "what was sent is recorded");
    for passcode in [PASSCODE, WRONG] {
        let bytes = passcode.as_bytes();
        let forms = [
            passcode.to_owned(),
            passcode.replace('+', "%2B").replace('!', "%21"),
            BASE64.encode(bytes).trim_end_matches('=').to_owned(),
            BASE64URL_NOPAD.encode(bytes),
            HEXLOWER.encode(bytes),
        ];
        for form in forms {
            assert!(!sent.contains(&form), "{form} was sent");
        }
    }
}
