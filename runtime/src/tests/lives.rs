//! The lives of all elements, run by the runtime: calm, with a restart after every line, and with a
//! crash between any two commits, each comes line by line to what it comes to in the engine alone.

use engine::Status;

use super::generated::Ground;
use super::noon;
use super::scripts::Deployed;

#[path = "../../../engine/tests/stories/life.rs"]
mod life;

use life::Life;

/// Plays one script of every life, in all kinds of trouble.
async fn live_through_all(script: fn(&Life) -> &'static str) {
    let began = Ground::memory().await;
    let (mut lived, mut crashes) = (0, 0);
    for life in life::all() {
        let script = script(life);
        let lines = life::lines(script);
        let deployed = Deployed::of(life.steps, &lines, &began, noon).await;
        let (calm, ended) = deployed.live_through_all(&lines).await.unwrap();
        assert!(script != life.error || calm.told.contains(life.shows), "{}", calm.told);
        assert_eq!(ended, Status::Completed, "{}: {script}", life.of);
        lived += 1;
        crashes += calm.commits;
    }
    assert_eq!(lived, life::all().count());
    assert!(crashes > lived as u64 * 2, "{lived} have lived through {crashes} crashes");
}

#[tokio::test]
async fn every_element_has_its_normal_course_whatever_becomes_of_the_runtime() {
    live_through_all(|life| life.course).await;
}

#[tokio::test]
async fn every_element_has_its_error_whatever_becomes_of_the_runtime() {
    live_through_all(|life| life.error).await;
}
