//! Stories of the normal course: start, tasks one after another, waiting, and the end.

use expect_test::expect;

use crate::check::check;

#[test]
fn an_instance_goes_from_task_to_task_to_its_end() {
    check(
        "
  - { id: one, activity: work, with: { a: \"${n}\", b: text }, out: { sum: \"${result}\" } }
  - { id: two, activity: ask, with: { a: \"${sum + 1}\" } }
",
        "start n=1
         done 0 result=41
         waits 1
         done 1",
        expect![[r#"
            > start n=1
              started variables={"n":1}
              entered 0 start
              entered 0 one
              began 0 one locals={"a":1,"b":"text"}
              + runActivity 0 one activity="work" attempt=1 parameters={"a":1,"b":"text"}
            > done 0 result=41
              wrote 0 one writes=[{"at":["sum"],"value":41}]
              completed 0 one
              entered 1 two
              began 1 two locals={"a":42}
              + runActivity 1 two activity="ask" attempt=1 parameters={"a":42}
            > waits 1
              waited 1 two
            > done 1
              completed 1 two
              entered 2 end
              ended 2 end
              finished
            = completed end
            = {"n":1,"sum":41}
        "#]],
    );
}
