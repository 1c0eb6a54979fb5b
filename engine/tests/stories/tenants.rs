//! The tenant that a call or a decision names goes with what is asked for, for whoever knows of tenants.

use expect_test::expect;

use super::check::check;

const NAMED: &str = r#"
  - { id: decide, decide: dish, tenant: "${t}" }
  - { id: call, call: menu, tenant: "of ${t}" }
"#;

#[test]
fn the_tenant_is_told_where_there_is_one() {
    check(
        NAMED,
        "start t=a\n done decide\n waits call\n done call",
        expect![[r#"
        > start t=a
          started variables={"t":"a"}
          entered 0 start
          entered 0 decide
          began 0 decide
          + decide 0 decide decision="dish" tenant="a" variables={"t":"a"} version="latest"
        > done decide
          completed 0 decide
          entered 1 call
          began 1 call
          + call 1 call process="menu" tenant="of a" variables={} version="latest"
        > waits call
          waited 1 call
        > done call
          completed 1 call
          entered 2 end
          ended 2 end
          finished
        = completed end
        = {"t":"a"}
    "#]],
    );
    check(
        NAMED,
        "start t=",
        expect![[r#"
        > start t=
          started variables={"t":""}
          entered 0 start
          entered 0 decide
          began 0 decide
          + decide 0 decide decision="dish" variables={"t":""} version="latest"
        = active
        = {"t":""}
        = 0 decide {"running":{"attempt":1}}
    "#]],
    );
    check(
        NAMED,
        "start t=null",
        expect![[r#"
        > start t=null
          started variables={"t":null}
          entered 0 start
          entered 0 decide
          began 0 decide
          + decide 0 decide decision="dish" variables={"t":null} version="latest"
        = active
        = {"t":null}
        = 0 decide {"running":{"attempt":1}}
    "#]],
    );
    check(
        NAMED,
        "start\n set !t=[1]\n retry decide\n set !t=b\n retry decide",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 decide
          began 0 decide
          incidentRaised 0 decide message="the tenant: there is no variable t; if it may be missing, ask execution.hasVariable(\"t\") first (at character 3 of ${t})" moment="running"
        > set !t=[1]
          set writes=[{"at":["t"],"value":[1]}]
        > retry decide
          incidentTakenUp 0 decide
          began 0 decide
          incidentRaised 0 decide message="the tenant is a text, not a list" moment="running"
        > set !t=b
          set writes=[{"at":["t"],"value":"b"}]
        > retry decide
          incidentTakenUp 0 decide
          began 0 decide
          + decide 0 decide decision="dish" tenant="b" variables={"t":"b"} version="latest"
        = active
        = {"t":"b"}
        = 0 decide {"running":{"attempt":1}}
    "#]],
    );
}
