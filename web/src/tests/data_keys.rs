//! The rotation of the keys that seal rows, begun over HTTP and done in the background.

use super::stage::Stage;
use expect_test::expect;

const ROTATION: &str = "/api/arthr/dataKeys/rotation";

#[tokio::test]
async fn keys_are_rotated_in_the_background_while_the_server_serves() {
    let mut stage = Stage::new().await;
    stage
        .play(
            "GET /api/arthr/dataKeys/rotation
             POST /api/arthr/dataKeys/rotate",
            expect![[r#"
                GET /api/arthr/dataKeys/rotation
                200
                {
                  "rowsLookedAt": 0,
                  "rowsSealedAgain": 0,
                  "status": "NONE"
                }
                POST /api/arthr/dataKeys/rotate
                200
                {
                  "rowsLookedAt": 0,
                  "rowsSealedAgain": 0,
                  "status": "RUNNING"
                }
            "#]],
        )
        .await;
    let workers = stage.app.runtime().workers();
    let mut asked = 0;
    while stage.call("GET", ROTATION, "").await.json()["status"] != "DONE" {
        asked += 1;
        assert!(asked < 1_000_000, "it does not end");
        tokio::task::yield_now().await;
    }
    let done = stage.call("GET", ROTATION, "").await.json();
    assert!(done["rowsSealedAgain"].as_u64().unwrap() > 0, "{done}");
    assert!(done["rowsLookedAt"].as_u64() > done["rowsSealedAgain"].as_u64(), "{done}");
    stage.app.runtime().close().await;
    workers.await.unwrap();
}
