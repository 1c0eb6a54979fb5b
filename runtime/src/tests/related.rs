//! Related origins of a relying party that several tenants share.

use identity::{NewStore, StoreChange};

use super::*;

/// A tenant with an identity store for `example.org`, which these origins are related to.
async fn tenant(house: &House, name: &str, origins: &[&str]) -> Tenant {
    let rooms = house.runtime.rooms(name, "Test");
    let mut unit = rooms.unit();
    access::tenant::add(&mut unit, house.runtime.now(), "Test").await.unwrap();
    unit.commit().await.unwrap();
    store(&rooms, "people", origins).await;
    rooms
}

fn configuration(origins: &[&str]) -> Value {
    json!({ "passkeyConfigs": { "example.org": { "relatedOrigins": origins } } })
}

async fn store(rooms: &Tenant, name: &str, origins: &[&str]) {
    let mut work = rooms.identity();
    let new = json!({ "name": name, "configuration": configuration(origins) });
    let new: NewStore = serde_json::from_value(new).unwrap();
    work.add_store(new).await.unwrap();
    work.commit().await.unwrap();
}

async fn relate(rooms: &Tenant, origins: &[&str]) {
    let mut work = rooms.identity();
    let configuration = configuration(origins).as_object().cloned();
    let change = StoreChange { configuration, ..StoreChange::default() };
    work.update_store("people", change).await.unwrap();
    work.commit().await.unwrap();
}

async fn related(house: &House, rp_id: &str) -> Vec<String> {
    Vec::from_iter(house.runtime.related_origins(rp_id).await.unwrap())
}

const A: &str = "https://a.example";
const B: &str = "https://b.example";
const C: &str = "https://c.example";

#[tokio::test]
async fn an_origin_is_related_when_all_tenants_of_the_relying_party_relate_it() {
    let house = house().await;
    assert_eq!(related(&house, "example.org").await, [""; 0]);
    let first = tenant(&house, "first", &[A, B]).await;
    assert_eq!(related(&house, "example.org").await, [A, B]);
    let second = tenant(&house, "second", &[B, C]).await;
    assert_eq!(related(&house, "example.org").await, [B]);
    // Within a tenant each store may add origins.
    store(&first, "guests", &[C]).await;
    assert_eq!(related(&house, "example.org").await, [B, C]);
    // Nobody can open the passkeys of others to a site, and everybody can close them.
    relate(&second, &[A, B, C]).await;
    assert_eq!(related(&house, "example.org").await, [A, B, C]);
    relate(&second, &[]).await;
    assert_eq!(related(&house, "example.org").await, [""; 0]);
    // Who has no passkeys for it is not asked: neither this tenant any more, nor the one of the first start.
    let mut work = second.identity();
    work.remove_passkey_config("people", "example.org").await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(related(&house, "example.org").await, [A, B, C]);
    for other in ["example.com", "org", "login.example.org"] {
        assert_eq!(related(&house, other).await, [""; 0], "{other}");
    }
}
