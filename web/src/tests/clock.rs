//! Transcripts of the test clock.

use expect_test::expect;
use runtime::{Clock, Driver, Retention, Runtime, Settings};

use super::stage::{ADMIN, Stage};

#[tokio::test]
async fn the_test_clock_moves_as_it_is_told() {
    let mut stage = Stage::new().await;
    stage
        .play(
            r#"
            POST /api/test/clock {"advance":"PT5M"}
            POST /api/test/clock {"to":"2026-01-02T00:00:00Z"}
            POST /api/test/clock {"to":"2026-01-01T00:00:00Z"}
            POST /api/test/clock {"advance":"soon"}
            POST /api/test/clock {}
            "#,
            expect![[r#"
                POST /api/test/clock {"advance":"PT5M"}
                200
                {
                  "now": "2026-01-01T12:05:00Z"
                }
                POST /api/test/clock {"to":"2026-01-02T00:00:00Z"}
                200
                {
                  "now": "2026-01-02T00:00:00Z"
                }
                POST /api/test/clock {"to":"2026-01-01T00:00:00Z"}
                400
                {
                  "detail": "to: has passed: the clock stands at 2026-01-02T00:00:00Z",
                  "errors": [
                    {
                      "message": "has passed: the clock stands at 2026-01-02T00:00:00Z",
                      "path": "to"
                    }
                  ],
                  "status": 400,
                  "title": "Bad Request",
                  "type": "about:blank"
                }
                POST /api/test/clock {"advance":"soon"}
                400
                {
                  "detail": "advance: \"soon\" is not an ISO 8601 duration such as PT48H or P30D",
                  "errors": [
                    {
                      "message": "\"soon\" is not an ISO 8601 duration such as PT48H or P30D",
                      "path": "advance"
                    }
                  ],
                  "status": 400,
                  "title": "Bad Request",
                  "type": "about:blank"
                }
                POST /api/test/clock {}
                400
                {
                  "detail": "advance: give either advance or to",
                  "errors": [
                    {
                      "message": "give either advance or to",
                      "path": "advance"
                    }
                  ],
                  "status": 400,
                  "title": "Bad Request",
                  "type": "about:blank"
                }
            "#]],
        )
        .await;
}

#[tokio::test]
async fn where_the_clock_is_the_machines_own_there_is_none_to_move() {
    let settings = Settings {
        data: None,
        driver: Driver::Sled,
        base_url: "http://localhost:8080".to_owned(),
        retention: Retention::default(),
        master_keys: runtime::MasterKeys::default(),
        throttle: identity::ThrottleLimits::default(),
    };
    let clock = Clock::system();
    let runtime = Runtime::open(settings, clock.clone()).await.unwrap();
    runtime.seed().await.unwrap();
    let stage = Stage::on(runtime, clock);
    stage.grant(ADMIN, "demo", &["TNT#demo#*"]);
    let answer = stage.call("POST", "/api/test/clock", r#"{"advance":"PT5M"}"#).await;
    assert_eq!(answer.status.as_u16(), 404, "{}", answer.text);
    assert_eq!(answer.json()["detail"], "clock \"manual\" does not exist");
}
