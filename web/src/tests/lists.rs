//! Lists as callers page through them: from either end, in the orders that they can have.

use jiff::SignedDuration;

use super::stage::Stage;

const STORES: &str = "/api/identity-store/stores";

/// The values of a member on the pages of a list, two items each, with what the answer says of its order.
async fn pages(stage: &Stage, list: &str, member: &str) -> String {
    let mut pages = Vec::new();
    for number in 0.. {
        let path = format!("{list}&size=2&page={number}");
        let answer = stage.call("GET", &path, "").await;
        assert_eq!(answer.status.as_u16(), 200, "{path}: {}", answer.text);
        let page = answer.json();
        let items = page["content"].as_array().unwrap().iter();
        let items: Vec<_> = items.map(|item| item[member].as_str().unwrap_or("-")).collect();
        pages.push(items.join(" "));
        if page["last"] == true {
            let sort = &page["sort"][0];
            let sort = [&sort["property"], &sort["direction"]].map(|word| word.as_str().unwrap());
            return format!("{}: {}", sort.join(" "), pages.join(", "));
        }
    }
    unreachable!("a list has a last page")
}

#[tokio::test]
async fn users_and_stores_are_paged_through_from_either_end() {
    let stage = Stage::new().await;
    for name in ["mia", "zoe", "ada", "leo", "ben"] {
        let body = format!(r#"{{"externalId":"{name}"}}"#);
        stage.clock.advance(SignedDuration::from_secs(1));
        stage.call("POST", &format!("{STORES}/demo/users"), &body).await;
    }
    for name in ["north", "east"] {
        stage.clock.advance(SignedDuration::from_secs(1));
        stage.call("POST", STORES, &format!(r#"{{"name":"{name}"}}"#)).await;
    }
    let (users, stores) = ("/demo/users", "");
    #[rustfmt::skip]
    let cases = [
        (users,  "createdDtm",      "createdDtm ASC: mia zoe, ada leo, ben"),
        (users,  "createdDtm,asc",  "createdDtm ASC: mia zoe, ada leo, ben"),
        (users,  "createdDtm,desc", "createdDtm DESC: ben leo, ada zoe, mia"),
        (users,  "externalId,desc", "externalId DESC: zoe mia, leo ben, ada"),
        (stores, "createdDtm,asc",  "createdDtm ASC: demo north, east"),
        (stores, "createdDtm,desc", "createdDtm DESC: east north, demo"),
        (stores, "name,asc",        "name ASC: demo east, north"),
        (stores, "name,desc",       "name DESC: north east, demo"),
    ];
    for (list, sort, expected) in cases {
        let member = if list == users { "externalId" } else { "name" };
        let listed = pages(&stage, &format!("{STORES}{list}?sort={sort}"), member).await;
        assert_eq!(listed, expected, "{list} {sort}");
    }
}
