//! Stories of the reset of complex gateways where nothing came late.

use expect_test::expect;

use super::check::check;

/// Two of three are enough; whoever is asked may also leave by another way.
const STEPS: &str = r#"
  - { id: fork, parallel: [one, two, three] }
  - { id: one, activity: ask, then: enough }
  - { id: two, activity: ask, then: enough }
  - { id: three, activity: ask, then: [{ when: comes, then: enough }, { otherwise: left }] }
  - { end: Left }
  - id: enough
    complex:
      - { when: waitingForStart, then: on }
      - { when: "!waitingForStart && activationCount == 0", then: alone }
      - { when: "!waitingForStart && activationCount == 1", then: followed }
      - { when: comes, then: told }
    when: activationCount >= 2
  - { end: On }
  - { end: Alone }
  - { end: Followed }
  - { end: Told }
"#;

#[test]
fn a_reset_is_told_to_the_conditions_that_ask_for_it_though_nothing_came_late() {
    check(
        STEPS,
        "start comes=false\n done 0\n done 1\n done 2",
        expect![[r#"
        > start comes=false
          started variables={"comes":false}
          entered 0 start
          entered 0 fork
          entered 0 one
          began 0 one
          entered 1 two
          began 1 two
          entered 2 three
          began 2 three
          + runActivity 0 one activity="ask" attempt=1 parameters={}
          + runActivity 1 two activity="ask" attempt=1 parameters={}
          + runActivity 2 three activity="ask" attempt=1 parameters={}
        > done 0
          completed 0 one
          entered 3 enough
          arrived 3 enough flow="one.flow1"
        > done 1
          completed 1 two
          entered 4 enough
          arrived 4 enough flow="two.flow1"
          joined 3 enough with=[4]
          reset enough counted=["one.flow1","two.flow1"]
          entered 3 on
          ended 3 on
        > done 2
          completed 2 three
          entered 5 left
          ended 5 left
          reset enough counted=[]
          entered 6 enough
          entered 6 alone
          ended 6 alone
          finished
        = completed on left alone
        = {"comes":false}
    "#]],
    );
}

#[test]
fn what_came_late_is_counted_at_the_reset_and_asks_every_condition() {
    check(
        STEPS,
        "start comes=true\n done 0\n done 1\n done 2",
        expect![[r#"
        > start comes=true
          started variables={"comes":true}
          entered 0 start
          entered 0 fork
          entered 0 one
          began 0 one
          entered 1 two
          began 1 two
          entered 2 three
          began 2 three
          + runActivity 0 one activity="ask" attempt=1 parameters={}
          + runActivity 1 two activity="ask" attempt=1 parameters={}
          + runActivity 2 three activity="ask" attempt=1 parameters={}
        > done 0
          completed 0 one
          entered 3 enough
          arrived 3 enough flow="one.flow1"
        > done 1
          completed 1 two
          entered 4 enough
          arrived 4 enough flow="two.flow1"
          joined 3 enough with=[4]
          reset enough counted=["one.flow1","two.flow1"]
          entered 3 on
          ended 3 on
          entered 5 told
          ended 5 told
        > done 2
          completed 2 three
          entered 6 enough
          arrived 6 enough flow="three.flow1"
          reset enough counted=[]
          joined 6 enough with=[]
          entered 6 followed
          ended 6 followed
          entered 7 told
          ended 7 told
          finished
        = completed on told followed told
        = {"comes":true}
    "#]],
    );
}

#[test]
fn a_gateway_to_which_all_came_at_once_is_reset_at_once() {
    check(
        r#"
  - { id: fork, parallel: [one, two] }
  - { id: one, activity: ask, then: both }
  - { id: two, activity: ask, then: both }
  - { id: both, complex: [{ when: waitingForStart, then: on }, { when: "!waitingForStart", then: over }], when: activationCount >= 2 }
  - { id: on, activity: ask }
  - { end: Over }
"#,
        "start\n done 0\n done 1\n done 2",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 fork
              entered 0 one
              began 0 one
              entered 1 two
              began 1 two
              + runActivity 0 one activity="ask" attempt=1 parameters={}
              + runActivity 1 two activity="ask" attempt=1 parameters={}
            > done 0
              completed 0 one
              entered 2 both
              arrived 2 both flow="one.flow1"
            > done 1
              completed 1 two
              entered 3 both
              arrived 3 both flow="two.flow1"
              joined 2 both with=[3]
              reset both counted=["one.flow1","two.flow1"]
              entered 2 on
              began 2 on
              reset both counted=[]
              entered 4 both
              entered 4 over
              ended 4 over
              + runActivity 2 on activity="ask" attempt=1 parameters={}
            > done 2
              completed 2 on
              entered 5 over
              ended 5 over
              finished
            = completed over over
        "#]],
    );
}

#[test]
fn a_reset_whose_condition_has_no_value_is_tried_again() {
    check(
        r#"
  - { id: fork, parallel: [one, two] }
  - { id: one, activity: ask, then: both }
  - { id: two, activity: ask, then: both }
  - { id: both, complex: [{ when: waitingForStart, then: on }, { when: "!waitingForStart && late", then: over }, { when: "true", then: on }], when: activationCount >= 2 }
  - { end: On }
  - { end: Over }
"#,
        "start\n done 0\n done 1\n set late=true\n retry 5",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 fork
              entered 0 one
              began 0 one
              entered 1 two
              began 1 two
              + runActivity 0 one activity="ask" attempt=1 parameters={}
              + runActivity 1 two activity="ask" attempt=1 parameters={}
            > done 0
              completed 0 one
              entered 2 both
              arrived 2 both flow="one.flow1"
            > done 1
              completed 1 two
              entered 3 both
              arrived 3 both flow="two.flow1"
              joined 2 both with=[3]
              reset both counted=["one.flow1","two.flow1"]
              entered 2 on
              ended 2 on
              entered 4 on
              ended 4 on
              reset both counted=[]
              entered 5 both
              answered 5 both locals={"activationCount":0,"one.flow1":0,"two.flow1":0,"waitingForStart":false}
              incidentRaised 5 both message="the condition of flow `both.flow2` has no value: there is no variable late; if it may be missing, ask execution.hasVariable(\"late\") first (at character 23 of ${!waitingForStart && late})" moment="parting"
            > set late=true
              set writes=[{"at":["late"],"value":true}]
            > retry 5
              incidentTakenUp 5 both
              entered 5 over
              ended 5 over
              finished
            = completed on on over
            = {"late":true}
        "#]],
    );
}

#[test]
fn what_is_sent_for_who_came_late_follows_what_was_sent_at_the_activation() {
    check(
        r#"
  - { id: fork, parallel: [one, two] }
  - { id: one, activity: ask, then: enough }
  - { id: two, activity: ask, then: enough }
  - { id: enough, complex: [{ when: waitingForStart, then: last }, { otherwise: last }], when: activationCount >= 1 }
  - { id: last, activity: ask }
"#,
        "start\n done 0\n done 1\n done 2\n done 3",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 fork
              entered 0 one
              began 0 one
              entered 1 two
              began 1 two
              + runActivity 0 one activity="ask" attempt=1 parameters={}
              + runActivity 1 two activity="ask" attempt=1 parameters={}
            > done 0
              completed 0 one
              entered 2 enough
              arrived 2 enough flow="one.flow1"
              joined 2 enough with=[]
              reset enough counted=["one.flow1"]
              entered 2 last
              began 2 last
              + runActivity 2 last activity="ask" attempt=1 parameters={}
            > done 1
              completed 1 two
              entered 3 enough
              arrived 3 enough flow="two.flow1"
              reset enough counted=[]
              joined 3 enough with=[]
              entered 3 last
              began 3 last
              + runActivity 3 last activity="ask" attempt=1 parameters={}
            > done 2
              completed 2 last
              entered 4 end
              ended 4 end
            > done 3
              completed 3 last
              entered 5 end
              ended 5 end
              finished
            = completed end end
        "#]],
    );
}

#[test]
fn a_complex_gateway_with_one_flow_asks_its_condition_as_well() {
    let steps = |ways: &str, least: u8| {
        format!(
            r#"
  - {{ parallel: [a, b], id: split }}
  - {{ id: a, activity: ask, then: merge }}
  - {{ id: b, activity: ask }}
  - {{ id: merge, choose: [v] }}
  - {{ id: v, complex: [{ways}], when: activationCount >= {least} }}
  - {{ id: on, activity: ask }}
  - {{ id: off, activity: ask }}
"#
        )
    };
    check(
        &steps("on", 2),
        "start\n done a\n done b",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 split
          entered 0 a
          began 0 a
          entered 1 b
          began 1 b
          + runActivity 0 a activity="ask" attempt=1 parameters={}
          + runActivity 1 b activity="ask" attempt=1 parameters={}
        > done a
          completed 0 a
          entered 2 merge
          entered 2 v
          arrived 2 v flow="merge.flow1"
        > done b
          completed 1 b
          entered 3 merge
          entered 3 v
          arrived 3 v flow="merge.flow1"
          joined 2 v with=[]
          entered 2 on
          began 2 on
          + runActivity 2 on activity="ask" attempt=1 parameters={}
        = active
        = 2 on {"running":{"attempt":1}}
        = 3 v "joining"
    "#]],
    );
    let phases = "{ when: waitingForStart, then: on }, { when: not waitingForStart, then: off }";
    check(
        &steps(phases, 1),
        "start\n done a",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 split
          entered 0 a
          began 0 a
          entered 1 b
          began 1 b
          + runActivity 0 a activity="ask" attempt=1 parameters={}
          + runActivity 1 b activity="ask" attempt=1 parameters={}
        > done a
          completed 0 a
          entered 2 merge
          entered 2 v
          arrived 2 v flow="merge.flow1"
          joined 2 v with=[]
          reset v counted=["merge.flow1"]
          entered 2 on
          began 2 on
          reset v counted=[]
          entered 3 v
          entered 3 off
          began 3 off
          + runActivity 2 on activity="ask" attempt=1 parameters={}
          + runActivity 3 off activity="ask" attempt=1 parameters={}
        = active
        = 1 b {"running":{"attempt":1}}
        = 2 on {"running":{"attempt":1}}
        = 3 off {"running":{"attempt":1}}
    "#]],
    );
    check(
        &steps("on", 1),
        "start\n modify -0 +v",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 split
          entered 0 a
          began 0 a
          entered 1 b
          began 1 b
          + runActivity 0 a activity="ask" attempt=1 parameters={}
          + runActivity 1 b activity="ask" attempt=1 parameters={}
        > modify -0 +v
          withdrawn 0 a
          entered 2 v
          arrived 2 v flow="merge.flow1"
          joined 2 v with=[]
          entered 2 on
          began 2 on
          + runActivity 2 on activity="ask" attempt=1 parameters={}
        = active
        = 1 b {"running":{"attempt":1}}
        = 2 on {"running":{"attempt":1}}
    "#]],
    );
}
