//! Stories of complex gateways: activation, reset, what comes late, and the round after it.

use expect_test::expect;

use super::check::check;

#[test]
fn a_complex_gateway_goes_on_when_enough_have_come_and_awaits_the_rest_before_it_starts_anew() {
    let steps = r#"
  - { id: fork, parallel: [one, two, three] }
  - { id: one, activity: ask, then: enough }
  - { id: two, activity: ask, then: enough }
  - { id: three, activity: ask, then: enough }
  - { id: enough, complex: [after], when: activationCount >= 2 }
  - { id: after, activity: ask }
"#;
    check(
        steps,
        "start
         done 0
         done 2
         done 1
         done 3",
        expect![[r#"
            > start
              started variables={}
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
            > done 2
              completed 2 three
              entered 4 enough
              arrived 4 enough flow="three.flow1"
              joined 3 enough with=[4]
              reset enough counted=["one.flow1","three.flow1"]
              entered 3 after
              began 3 after
              + runActivity 3 after activity="ask" attempt=1 parameters={}
            > done 1
              completed 1 two
              entered 5 enough
              arrived 5 enough flow="two.flow1"
              reset enough counted=[]
              joined 5 enough with=[]
              completed 5 enough
            > done 3
              completed 3 after
              entered 6 end
              ended 6 end
              finished
            = completed end
        "#]],
    );
    check(
        steps,
        "start
         done 0
         done 2
         modify -1
         done 3",
        expect![[r#"
            > start
              started variables={}
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
            > done 2
              completed 2 three
              entered 4 enough
              arrived 4 enough flow="three.flow1"
              joined 3 enough with=[4]
              reset enough counted=["one.flow1","three.flow1"]
              entered 3 after
              began 3 after
              + runActivity 3 after activity="ask" attempt=1 parameters={}
            > modify -1
              withdrawn 1 two
              reset enough counted=[]
            > done 3
              completed 3 after
              entered 5 end
              ended 5 end
              finished
            = completed end
        "#]],
    );
    check(
        steps,
        "start
         done 0
         modify -1 -2
         cancel enough",
        expect![[r#"
            > start
              started variables={}
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
            > modify -1 -2
              withdrawn 1 two
              withdrawn 2 three
            > cancel enough
              withdrawn 3 enough
              cancelled reason="enough"
            = cancelled
        "#]],
    );
}

#[test]
fn what_comes_at_the_reset_takes_the_ways_whose_condition_holds_then() {
    check(
        r#"
  - { id: fork, parallel: [one, two] }
  - { id: one, activity: ask, then: first }
  - { id: two, activity: ask, then: first }
  - { id: first, complex: [{ when: waitingForStart, then: winner }, { otherwise: loser }], when: activationCount >= 1 }
  - { end: Winner }
  - { end: Loser }
"#,
        "start
         done 1
         done 0",
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
            > done 1
              completed 1 two
              entered 2 first
              arrived 2 first flow="two.flow1"
              joined 2 first with=[]
              reset first counted=["two.flow1"]
              entered 2 winner
              ended 2 winner
            > done 0
              completed 0 one
              entered 3 first
              arrived 3 first flow="one.flow1"
              reset first counted=[]
              joined 3 first with=[]
              entered 3 loser
              ended 3 loser
              finished
            = completed winner loser
        "#]],
    );
}

#[test]
fn a_complex_gateway_is_activated_once_more_in_the_second_round() {
    check(
        r#"
  - { id: again, choose: [fork] }
  - { id: fork, parallel: [one, two, three] }
  - { id: one, activity: ask, then: enough }
  - { id: two, activity: ask, then: enough }
  - { id: three, activity: ask, then: enough }
  - { id: enough, complex: [more], when: activationCount >= 2 }
  - { id: more, choose: [{ when: "rounds > 0", then: count }, { otherwise: end }] }
  - { id: count, script: "${rounds - 1}", result: rounds, then: again }
"#,
        "start rounds=1
         done 0
         done 1
         done 5
         done 2
         done 6
         done 7",
        expect![[r#"
            > start rounds=1
              started variables={"rounds":1}
              entered 0 start
              entered 0 again
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
              entered 3 more
              entered 3 count
              began 3 count
              wrote 3 count writes=[{"at":["rounds"],"value":0}]
              completed 3 count
              entered 5 again
              entered 5 fork
              entered 5 one
              began 5 one
              entered 6 two
              began 6 two
              entered 7 three
              began 7 three
              + runActivity 5 one activity="ask" attempt=1 parameters={}
              + runActivity 6 two activity="ask" attempt=1 parameters={}
              + runActivity 7 three activity="ask" attempt=1 parameters={}
            > done 5
              completed 5 one
              entered 8 enough
              arrived 8 enough flow="one.flow1"
            > done 2
              completed 2 three
              entered 9 enough
              arrived 9 enough flow="three.flow1"
              reset enough counted=[]
              joined 9 enough with=[]
              completed 9 enough
            > done 6
              completed 6 two
              entered 10 enough
              arrived 10 enough flow="two.flow1"
              joined 8 enough with=[10]
              reset enough counted=["one.flow1","two.flow1"]
              entered 8 more
              entered 8 end
              ended 8 end
            > done 7
              completed 7 three
              entered 11 enough
              arrived 11 enough flow="three.flow1"
              reset enough counted=[]
              joined 11 enough with=[]
              completed 11 enough
              finished
            = completed end
            = {"rounds":0}
        "#]],
    );
}

#[test]
fn an_activation_condition_is_asked_again_when_a_variable_was_written() {
    let steps = r#"
  - { id: fork, parallel: [one, two, three] }
  - { id: one, do: nothing, then: enough }
  - { id: two, do: nothing, then: enough }
  - { id: three, activity: ask, then: enough }
  - { id: enough, complex: [after], when: activationCount >= most }
  - { id: after, do: nothing }
"#;
    check(
        steps,
        "start most=3
         set !most=2
         done 2",
        expect![[r#"
            > start most=3
              started variables={"most":3}
              entered 0 start
              entered 0 fork
              entered 0 one
              began 0 one
              completed 0 one
              entered 1 two
              began 1 two
              completed 1 two
              entered 2 three
              began 2 three
              entered 3 enough
              arrived 3 enough flow="one.flow1"
              entered 4 enough
              arrived 4 enough flow="two.flow1"
              + runActivity 2 three activity="ask" attempt=1 parameters={}
            > set !most=2
              set writes=[{"at":["most"],"value":2}]
              joined 3 enough with=[4]
              reset enough counted=["one.flow1","two.flow1"]
              entered 3 after
              began 3 after
              completed 3 after
              entered 5 end
              ended 5 end
            > done 2
              completed 2 three
              entered 6 enough
              arrived 6 enough flow="three.flow1"
              reset enough counted=[]
              joined 6 enough with=[]
              completed 6 enough
              finished
            = completed end
            = {"most":2}
        "#]],
    );
    check(
        steps,
        "start
         retry 3
         set !most=2
         done 2",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 fork
              entered 0 one
              began 0 one
              completed 0 one
              entered 1 two
              began 1 two
              completed 1 two
              entered 2 three
              began 2 three
              entered 3 enough
              arrived 3 enough flow="one.flow1"
              incidentRaised 3 enough message="the activation condition has no value: there is no variable most; if it may be missing, ask execution.hasVariable(\"most\") first (at character 22 of ${activationCount >= most})" moment="entering"
              entered 4 enough
              arrived 4 enough flow="two.flow1"
              + runActivity 2 three activity="ask" attempt=1 parameters={}
            > retry 3
              incidentTakenUp 3 enough
              arrived 3 enough flow="one.flow1"
              incidentRaised 4 enough message="the activation condition has no value: there is no variable most; if it may be missing, ask execution.hasVariable(\"most\") first (at character 22 of ${activationCount >= most})" moment="entering"
            > set !most=2
              set writes=[{"at":["most"],"value":2}]
              joined 3 enough with=[4]
              reset enough counted=["one.flow1","two.flow1"]
              entered 3 after
              began 3 after
              completed 3 after
              entered 5 end
              ended 5 end
            > done 2
              completed 2 three
              entered 6 enough
              arrived 6 enough flow="three.flow1"
              reset enough counted=[]
              joined 6 enough with=[]
              completed 6 enough
              finished
            = completed end
            = {"most":2}
        "#]],
    );
    check(
        steps,
        "start
         set !most=5
         retry 3
         done 2
         set !most=1",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 fork
              entered 0 one
              began 0 one
              completed 0 one
              entered 1 two
              began 1 two
              completed 1 two
              entered 2 three
              began 2 three
              entered 3 enough
              arrived 3 enough flow="one.flow1"
              incidentRaised 3 enough message="the activation condition has no value: there is no variable most; if it may be missing, ask execution.hasVariable(\"most\") first (at character 22 of ${activationCount >= most})" moment="entering"
              entered 4 enough
              arrived 4 enough flow="two.flow1"
              + runActivity 2 three activity="ask" attempt=1 parameters={}
            > set !most=5
              set writes=[{"at":["most"],"value":5}]
            > retry 3
              incidentTakenUp 3 enough
              arrived 3 enough flow="one.flow1"
            > done 2
              completed 2 three
              entered 5 enough
              arrived 5 enough flow="three.flow1"
            > set !most=1
              set writes=[{"at":["most"],"value":1}]
              joined 3 enough with=[4,5]
              entered 3 after
              began 3 after
              completed 3 after
              entered 6 end
              ended 6 end
              finished
            = completed end
            = {"most":1}
        "#]],
    );
    check(
        steps,
        "start
         modify -3",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 fork
              entered 0 one
              began 0 one
              completed 0 one
              entered 1 two
              began 1 two
              completed 1 two
              entered 2 three
              began 2 three
              entered 3 enough
              arrived 3 enough flow="one.flow1"
              incidentRaised 3 enough message="the activation condition has no value: there is no variable most; if it may be missing, ask execution.hasVariable(\"most\") first (at character 22 of ${activationCount >= most})" moment="entering"
              entered 4 enough
              arrived 4 enough flow="two.flow1"
              + runActivity 2 three activity="ask" attempt=1 parameters={}
            > modify -3
              withdrawn 3 enough
              incidentRaised 4 enough message="the activation condition has no value: there is no variable most; if it may be missing, ask execution.hasVariable(\"most\") first (at character 22 of ${activationCount >= most})" moment="entering"
            = active
            = 2 three {"running":{"attempt":1}}
            = 4 enough {"incident":{"message":"the activation condition has no value: there is no variable most; if it may be missing, ask execution.hasVariable(\"most\") first (at character 22 of ${activationCount >= most})","moment":"entering"}}
        "#]],
    );
}

#[test]
fn a_way_that_cannot_be_chosen_is_chosen_later_with_what_was_counted_then() {
    let steps = r#"
  - { id: fork, parallel: [one, two, three] }
  - { id: one, do: nothing, then: enough }
  - { id: two, do: nothing, then: enough }
  - { id: three, activity: ask, then: enough }
  - { id: enough, complex: [{ when: "activationCount == many", then: end }, { when: "!waitingForStart && bad", then: end }], when: activationCount >= 2 }
"#;
    check(
        steps,
        "start
         set !many=2
         retry 3
         set !bad=false
         done 2",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 fork
              entered 0 one
              began 0 one
              completed 0 one
              entered 1 two
              began 1 two
              completed 1 two
              entered 2 three
              began 2 three
              entered 3 enough
              arrived 3 enough flow="one.flow1"
              entered 4 enough
              arrived 4 enough flow="two.flow1"
              joined 3 enough with=[4]
              reset enough counted=["one.flow1","two.flow1"]
              answered 3 enough locals={"activationCount":2,"one.flow1":1,"three.flow1":0,"two.flow1":1,"waitingForStart":true}
              incidentRaised 3 enough message="the condition of flow `enough.flow1` has no value: there is no variable many; if it may be missing, ask execution.hasVariable(\"many\") first (at character 22 of ${activationCount == many})" moment="parting"
              + runActivity 2 three activity="ask" attempt=1 parameters={}
            > set !many=2
              set writes=[{"at":["many"],"value":2}]
            > retry 3
              incidentTakenUp 3 enough
              entered 3 end
              ended 3 end
            > set !bad=false
              set writes=[{"at":["bad"],"value":false}]
            > done 2
              completed 2 three
              entered 5 enough
              arrived 5 enough flow="three.flow1"
              reset enough counted=[]
              joined 5 enough with=[]
              completed 5 enough
              finished
            = completed end
            = {"bad":false,"many":2}
        "#]],
    );
    check(
        steps,
        "start many=2
         done 2
         retry 5
         set !bad=true
         retry 5",
        expect![[r#"
            > start many=2
              started variables={"many":2}
              entered 0 start
              entered 0 fork
              entered 0 one
              began 0 one
              completed 0 one
              entered 1 two
              began 1 two
              completed 1 two
              entered 2 three
              began 2 three
              entered 3 enough
              arrived 3 enough flow="one.flow1"
              entered 4 enough
              arrived 4 enough flow="two.flow1"
              joined 3 enough with=[4]
              reset enough counted=["one.flow1","two.flow1"]
              entered 3 end
              ended 3 end
              + runActivity 2 three activity="ask" attempt=1 parameters={}
            > done 2
              completed 2 three
              entered 5 enough
              arrived 5 enough flow="three.flow1"
              reset enough counted=[]
              joined 5 enough with=[]
              answered 5 enough locals={"activationCount":1,"one.flow1":0,"three.flow1":1,"two.flow1":0,"waitingForStart":false}
              incidentRaised 5 enough message="the condition of flow `enough.flow2` has no value: there is no variable bad; if it may be missing, ask execution.hasVariable(\"bad\") first (at character 23 of ${!waitingForStart && bad})" moment="parting"
            > retry 5
              incidentTakenUp 5 enough
              answered 5 enough locals={"activationCount":1,"one.flow1":0,"three.flow1":1,"two.flow1":0,"waitingForStart":false}
              incidentRaised 5 enough message="the condition of flow `enough.flow2` has no value: there is no variable bad; if it may be missing, ask execution.hasVariable(\"bad\") first (at character 23 of ${!waitingForStart && bad})" moment="parting"
            > set !bad=true
              set writes=[{"at":["bad"],"value":true}]
            > retry 5
              incidentTakenUp 5 enough
              entered 5 end
              ended 5 end
              finished
            = completed end end
            = {"bad":true,"many":2}
        "#]],
    );
}

#[test]
fn a_complex_gateway_without_an_activation_condition_only_splits() {
    let steps = r#"
  - { id: ask, activity: ask }
  - { id: split, complex: [{ when: "n > 1", then: one }, { when: "n > 2", then: two }, { otherwise: none }] }
  - { end: One }
  - { end: Two }
  - { end: None }
"#;
    check(
        steps,
        "start n=3
         done 0",
        expect![[r#"
            > start n=3
              started variables={"n":3}
              entered 0 start
              entered 0 ask
              began 0 ask
              + runActivity 0 ask activity="ask" attempt=1 parameters={}
            > done 0
              completed 0 ask
              entered 1 split
              entered 1 one
              ended 1 one
              entered 2 two
              ended 2 two
              finished
            = completed one two
            = {"n":3}
        "#]],
    );
    check(
        steps,
        "start n=0
         done 0",
        expect![[r#"
            > start n=0
              started variables={"n":0}
              entered 0 start
              entered 0 ask
              began 0 ask
              + runActivity 0 ask activity="ask" attempt=1 parameters={}
            > done 0
              completed 0 ask
              entered 1 split
              entered 1 none
              ended 1 none
              finished
            = completed none
            = {"n":0}
        "#]],
    );
}

#[test]
fn a_complex_gateway_counts_in_its_scope() {
    let steps = r#"
  - id: sub
    steps:
      - { id: fork, parallel: [one, two, three] }
      - { id: one, do: nothing, then: enough }
      - { id: two, activity: ask, then: enough }
      - { id: three, activity: ask, then: enough }
      - { id: enough, complex: [after], when: activationCount >= 2 }
      - { id: after, activity: ask }
    on: [{ signal: Stop, then: end }]
"#;
    check(
        steps,
        "start
         done 2
         done 3
         done 4",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 sub
              began 0 sub
              subscribed 0 sub.Stop awaited={"signal":{"name":"Stop"}} catch=0
              opened 0 sub of="subProcess" scope=0
              entered 1 sub.start scope=0
              entered 1 fork
              entered 1 one
              began 1 one
              completed 1 one
              entered 2 two scope=0
              began 2 two
              entered 3 three scope=0
              began 3 three
              entered 4 enough scope=0
              arrived 4 enough flow="one.flow1"
              + subscribe awaited={"signal":{"name":"Stop"}} catch=0
              + runActivity 2 two activity="ask" attempt=1 parameters={}
              + runActivity 3 three activity="ask" attempt=1 parameters={}
            > done 2
              completed 2 two
              entered 5 enough scope=0
              arrived 5 enough flow="two.flow1"
              joined 4 enough with=[5]
              reset enough counted=["one.flow1","two.flow1"] scope=0
              entered 4 after
              began 4 after
              + runActivity 4 after activity="ask" attempt=1 parameters={}
            > done 3
              completed 3 three
              entered 6 enough scope=0
              arrived 6 enough flow="three.flow1"
              reset enough counted=[] scope=0
              joined 6 enough with=[]
              completed 6 enough
            > done 4
              completed 4 after
              entered 7 sub.end scope=0
              ended 7 sub.end
              unsubscribed sub.Stop catch=0
              closed sub scope=0
              completed 0 sub
              entered 8 end
              ended 8 end
              finished
              + unsubscribe awaited={"signal":{"name":"Stop"}} catch=0
            = completed sub.end end
        "#]],
    );
    check(
        steps,
        "start
         done 2
         signal Stop",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 sub
              began 0 sub
              subscribed 0 sub.Stop awaited={"signal":{"name":"Stop"}} catch=0
              opened 0 sub of="subProcess" scope=0
              entered 1 sub.start scope=0
              entered 1 fork
              entered 1 one
              began 1 one
              completed 1 one
              entered 2 two scope=0
              began 2 two
              entered 3 three scope=0
              began 3 three
              entered 4 enough scope=0
              arrived 4 enough flow="one.flow1"
              + subscribe awaited={"signal":{"name":"Stop"}} catch=0
              + runActivity 2 two activity="ask" attempt=1 parameters={}
              + runActivity 3 three activity="ask" attempt=1 parameters={}
            > done 2
              completed 2 two
              entered 5 enough scope=0
              arrived 5 enough flow="two.flow1"
              joined 4 enough with=[5]
              reset enough counted=["one.flow1","two.flow1"] scope=0
              entered 4 after
              began 4 after
              + runActivity 4 after activity="ask" attempt=1 parameters={}
            > signal Stop
              caught sub.Stop catch=0
              withdrawn 3 three
              withdrawn 4 after
              closed sub scope=0
              interrupted 0 sub by="sub.Stop"
              entered 6 sub.Stop
              entered 6 end
              ended 6 end
              finished
              + unsubscribe awaited={"signal":{"name":"Stop"}} catch=0
            = completed end
        "#]],
    );
}

#[test]
fn conditions_see_that_a_gateway_starts_where_the_path_begins_at_it() {
    check(
        r#"
  - id: sub
    startless: true
    steps:
      - { id: begin, complex: [{ when: "waitingForStart && n < 3", then: end }, { otherwise: rest }], when: activationCount >= 1 }
      - { id: rest, activity: ask, then: end }
"#,
        "start n=1",
        expect![[r#"
            > start n=1
              started variables={"n":1}
              entered 0 start
              entered 0 sub
              began 0 sub
              opened 0 sub of="subProcess" scope=0
              entered 1 begin scope=0
              entered 1 sub.end
              ended 1 sub.end
              closed sub scope=0
              completed 0 sub
              entered 2 end
              ended 2 end
              finished
            = completed sub.end end
            = {"n":1}
        "#]],
    );
}
