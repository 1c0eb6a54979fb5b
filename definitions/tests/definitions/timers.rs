//! When timers are due, as tables: dates, durations, cycles and cron.

use crate::expressions::variables;
use crate::hostile::{Dice, damaged};
use definitions::{Recurrence, Retries, Schedule, Timer};
use expect_test::{Expect, expect};
use jiff::Timestamp;

fn now() -> Timestamp {
    "2026-01-31T10:00:00Z".parse().expect("a moment")
}

/// What happens with a timer that is armed now: its moments, at most five, or what is wrong.
fn moments(timer: Result<Timer, definitions::ExpressionFlaw>, now: Timestamp) -> String {
    let timer = match timer {
        Ok(timer) => timer,
        Err(flaw) => return format!("flaw: {flaw}"),
    };
    let mut schedule = match timer.schedule(&variables(), now) {
        Ok(schedule) => Some(schedule),
        Err(error) => return format!("error: {error}"),
    };
    let mut seen = Vec::new();
    while let Some(Schedule { due, then }) = schedule {
        seen.push(due.to_string().replace("T10:00:00Z", ""));
        if seen.len() == 5 {
            let then = then.map(|then| serde_json::to_string(&then).expect("JSON"));
            return format!("{} … {}", seen.join(" "), then.unwrap_or_default());
        }
        // What is stored is what goes on.
        let stored = serde_json::to_string(&then).expect("JSON");
        let then: Option<Recurrence> = serde_json::from_str(&stored).expect(&stored);
        schedule = then.and_then(|then| then.next(due, due));
    }
    seen.join(" ")
}

fn check(
    read: fn(&str) -> Result<Timer, definitions::ExpressionFlaw>,
    texts: &[&str],
    expected: Expect,
) {
    let lines: String =
        texts.iter().map(|text| format!("{text}  =>  {}\n", moments(read(text), now()))).collect();
    expected.assert_eq(&lines);
}

#[test]
fn a_date_is_due_once_even_when_it_has_passed() {
    check(
        Timer::date,
        &[
            "2027-03-01T09:00:00Z",
            "2027-03-01T09:00:00+01:00",
            "2027-03-01T09:00-05:30",
            "2027-03-01T09:00:00+01:00[Europe/Berlin]",
            "2020-02-29T10:00:00Z",
            "${'2026-12-24T18:00:00Z'}",
            "2027-03-01T09:00:00",
            "2027-03-01",
            "2027-02-29T09:00:00Z",
            "tomorrow",
            "${a}",
            "${missing}",
            "",
        ],
        expect![[r#"
            2027-03-01T09:00:00Z  =>  2027-03-01T09:00:00Z
            2027-03-01T09:00:00+01:00  =>  2027-03-01T08:00:00Z
            2027-03-01T09:00-05:30  =>  2027-03-01T14:30:00Z
            2027-03-01T09:00:00+01:00[Europe/Berlin]  =>  2027-03-01T08:00:00Z
            2020-02-29T10:00:00Z  =>  2020-02-29
            ${'2026-12-24T18:00:00Z'}  =>  2026-12-24T18:00:00Z
            2027-03-01T09:00:00  =>  flaw: "2027-03-01T09:00:00" is not a date and time with an offset; write one such as 2026-01-31T09:00:00Z or 2026-01-31T09:00:00+01:00 (at character 1)
            2027-03-01  =>  flaw: "2027-03-01" is not a date and time with an offset; write one such as 2026-01-31T09:00:00Z or 2026-01-31T09:00:00+01:00 (at character 1)
            2027-02-29T09:00:00Z  =>  flaw: "2027-02-29T09:00:00Z" is not a date and time with an offset; write one such as 2026-01-31T09:00:00Z or 2026-01-31T09:00:00+01:00 (at character 1)
            tomorrow  =>  flaw: "tomorrow" is not a date and time with an offset; write one such as 2026-01-31T09:00:00Z or 2026-01-31T09:00:00+01:00 (at character 1)
            ${a}  =>  error: a date is a text such as 2026-01-31T09:00:00Z, not 7 (at character 1 of ${a})
            ${missing}  =>  error: there is no variable missing; if it may be missing, ask execution.hasVariable("missing") first (at character 3 of ${missing})
              =>  flaw: "" is not a date and time with an offset; write one such as 2026-01-31T09:00:00Z or 2026-01-31T09:00:00+01:00 (at character 1)
        "#]],
    );
}

#[test]
fn an_interval_repeats_as_often_as_it_says() {
    check(
        Timer::cycle,
        &[
            "R3/PT10M",
            "R1/PT10M",
            "R0/PT10M",
            "R/P1D",
            "R2147483648/PT1S",
            "R3/PT0.5S",
            "R3/PT1.5S",
            "R3/PT0S",
            "R3/-PT1S",
            "R/P101Y",
            "R/P100Y",
            "${'R2/PT1H'}",
            "R${a}/PT1H",
            "${a}",
            "R-1/PT1H",
            "R+1/PT1H",
            "R99999999999/PT1H",
            "R3",
            "R3/",
            "R/PT1H/PT2H",
            "R/2026-01-01T00:00:00Z/2026-01-02T00:00:00Z",
            "R3/PT1H/P1D/P1D/P1D",
            "PT1H",
            "r3/PT1H",
        ],
        expect![[r#"
            R3/PT10M  =>  2026-01-31T10:10:00Z 2026-01-31T10:20:00Z 2026-01-31T10:30:00Z
            R1/PT10M  =>  2026-01-31T10:10:00Z
            R0/PT10M  =>  2026-01-31T10:10:00Z
            R/P1D  =>  2026-02-01 2026-02-02 2026-02-03 2026-02-04 2026-02-05 … {"cycle":"R/P1D"}
            R2147483648/PT1S  =>  2026-01-31T10:00:01Z 2026-01-31T10:00:02Z 2026-01-31T10:00:03Z 2026-01-31T10:00:04Z 2026-01-31T10:00:05Z … {"cycle":"R2147483643/PT1S"}
            R3/PT0.5S  =>  flaw: the interval PT0.5S of the cycle is shorter than a second (at character 1)
            R3/PT1.5S  =>  2026-01-31T10:00:01.5Z 2026-01-31T10:00:03Z 2026-01-31T10:00:04.5Z
            R3/PT0S  =>  flaw: the interval PT0S of the cycle is shorter than a second (at character 1)
            R3/-PT1S  =>  flaw: "R3/-PT1S" is not a cycle; write one such as R3/PT10M, R/PT1H, R3/2026-01-01T00:00:00Z/P1D or R/PT1H/2027-01-01T00:00:00Z (at character 1)
            R/P101Y  =>  flaw: the duration is longer than a century (at character 1)
            R/P100Y  =>  2126-01-31 2226-01-31 2326-01-31 2426-01-31 2526-01-31 … {"cycle":"R/2026-01-31T10:00:00Z/P100Y"}
            ${'R2/PT1H'}  =>  2026-01-31T11:00:00Z 2026-01-31T12:00:00Z
            R${a}/PT1H  =>  2026-01-31T11:00:00Z 2026-01-31T12:00:00Z 2026-01-31T13:00:00Z 2026-01-31T14:00:00Z 2026-01-31T15:00:00Z … {"cycle":"R2/PT1H"}
            ${a}  =>  error: a cycle is a text such as R3/PT10M or 0 0 9 * * MON-FRI, not 7 (at character 1 of ${a})
            R-1/PT1H  =>  flaw: "R-1/PT1H" is not a cycle; write one such as R3/PT10M, R/PT1H, R3/2026-01-01T00:00:00Z/P1D or R/PT1H/2027-01-01T00:00:00Z (at character 1)
            R+1/PT1H  =>  flaw: "R+1/PT1H" is not a cycle; write one such as R3/PT10M, R/PT1H, R3/2026-01-01T00:00:00Z/P1D or R/PT1H/2027-01-01T00:00:00Z (at character 1)
            R99999999999/PT1H  =>  flaw: "R99999999999/PT1H" is not a cycle; write one such as R3/PT10M, R/PT1H, R3/2026-01-01T00:00:00Z/P1D or R/PT1H/2027-01-01T00:00:00Z (at character 1)
            R3  =>  flaw: "R3" is not a cycle; write one such as R3/PT10M, R/PT1H, R3/2026-01-01T00:00:00Z/P1D or R/PT1H/2027-01-01T00:00:00Z (at character 1)
            R3/  =>  flaw: "R3/" is not a cycle; write one such as R3/PT10M, R/PT1H, R3/2026-01-01T00:00:00Z/P1D or R/PT1H/2027-01-01T00:00:00Z (at character 1)
            R/PT1H/PT2H  =>  flaw: "PT1H" is not a date and time with an offset; write one such as 2026-01-31T09:00:00Z or 2026-01-31T09:00:00+01:00 (at character 1)
            R/2026-01-01T00:00:00Z/2026-01-02T00:00:00Z  =>  flaw: "R/2026-01-01T00:00:00Z/2026-01-02T00:00:00Z" is not a cycle; write one such as R3/PT10M, R/PT1H, R3/2026-01-01T00:00:00Z/P1D or R/PT1H/2027-01-01T00:00:00Z (at character 1)
            R3/PT1H/P1D/P1D/P1D  =>  flaw: "R3/PT1H/P1D/P1D/P1D" is not a cycle; write one such as R3/PT10M, R/PT1H, R3/2026-01-01T00:00:00Z/P1D or R/PT1H/2027-01-01T00:00:00Z (at character 1)
            PT1H  =>  flaw: "PT1H" is not a cycle; write an interval such as R3/PT10M, or five or six fields of cron such as 0 0 9 * * MON-FRI (at character 1)
            r3/PT1H  =>  flaw: "r3/PT1H" is not a cycle; write an interval such as R3/PT10M, or five or six fields of cron such as 0 0 9 * * MON-FRI (at character 1)
        "#]],
    );
}

#[test]
fn months_are_counted_from_the_start_so_that_the_31st_comes_back() {
    check(
        Timer::cycle,
        &[
            "R/P1M",
            "R/2024-01-31T10:00:00Z/P1M",
            "R/2024-02-29T10:00:00Z/P1Y",
            "R/2024-02-29T10:00:00Z/P4Y",
            "R/P1M1D",
            "R4/P3M",
        ],
        expect![[r#"
            R/P1M  =>  2026-02-28 2026-03-31 2026-04-30 2026-05-31 2026-06-30 … {"cycle":"R/2026-01-31T10:00:00Z/P1M"}
            R/2024-01-31T10:00:00Z/P1M  =>  2026-01-31 2026-02-28 2026-03-31 2026-04-30 2026-05-31 … {"cycle":"R/2024-01-31T10:00:00Z/P1M"}
            R/2024-02-29T10:00:00Z/P1Y  =>  2026-02-28 2027-02-28 2028-02-29 2029-02-28 2030-02-28 … {"cycle":"R/2024-02-29T10:00:00Z/P1Y"}
            R/2024-02-29T10:00:00Z/P4Y  =>  2028-02-29 2032-02-29 2036-02-29 2040-02-29 2044-02-29 … {"cycle":"R/2024-02-29T10:00:00Z/P4Y"}
            R/P1M1D  =>  2026-03-01 2026-04-02 2026-05-03 2026-06-04 2026-07-05 … {"cycle":"R/2026-01-31T10:00:00Z/P1M1D"}
            R4/P3M  =>  2026-04-30 2026-07-31 2026-10-31 2027-01-31
        "#]],
    );
}

#[test]
fn a_start_that_has_passed_counts_what_was_missed_and_an_end_is_kept() {
    check(
        Timer::cycle,
        &[
            "R3/2026-02-01T10:00:00Z/P1D",
            "R3/2026-01-31T10:00:00Z/P1D",
            "R3/2026-01-30T12:00:00Z/P1D",
            "R3/2026-01-20T12:00:00Z/P1D",
            "R0/2026-02-01T10:00:00Z/P1D",
            "R/1900-01-01T00:00:00Z/PT1S",
            "R/PT1H/2026-01-31T12:00:00Z",
            "R5/PT1H/2026-01-31T12:00:00Z",
            "R/PT1H/2026-01-31T10:59:59Z",
            "R/2026-01-31T10:00:00Z/P1M/2026-04-30T10:00:00Z",
            "R/2026-13-31T10:00:00Z/P1M",
        ],
        expect![[r#"
            R3/2026-02-01T10:00:00Z/P1D  =>  2026-02-01 2026-02-02 2026-02-03
            R3/2026-01-31T10:00:00Z/P1D  =>  2026-01-31 2026-02-01 2026-02-02
            R3/2026-01-30T12:00:00Z/P1D  =>  2026-01-31T12:00:00Z 2026-02-01T12:00:00Z
            R3/2026-01-20T12:00:00Z/P1D  =>  error: the cycle R3/2026-01-20T12:00:00Z/P1D is over: no moment of it lies after 2026-01-31T10:00:00Z (at character 1 of R3/2026-01-20T12:00:00Z/P1D)
            R0/2026-02-01T10:00:00Z/P1D  =>  2026-02-01
            R/1900-01-01T00:00:00Z/PT1S  =>  2026-01-31 2026-01-31T10:00:01Z 2026-01-31T10:00:02Z 2026-01-31T10:00:03Z 2026-01-31T10:00:04Z … {"cycle":"R/PT1S"}
            R/PT1H/2026-01-31T12:00:00Z  =>  2026-01-31T11:00:00Z 2026-01-31T12:00:00Z
            R5/PT1H/2026-01-31T12:00:00Z  =>  2026-01-31T11:00:00Z 2026-01-31T12:00:00Z
            R/PT1H/2026-01-31T10:59:59Z  =>  error: the cycle R/PT1H/2026-01-31T10:59:59Z is over: no moment of it lies after 2026-01-31T10:00:00Z (at character 1 of R/PT1H/2026-01-31T10:59:59Z)
            R/2026-01-31T10:00:00Z/P1M/2026-04-30T10:00:00Z  =>  2026-01-31 2026-02-28 2026-03-31 2026-04-30
            R/2026-13-31T10:00:00Z/P1M  =>  flaw: "2026-13-31T10:00:00Z" is not a date and time with an offset; write one such as 2026-01-31T09:00:00Z or 2026-01-31T09:00:00+01:00 (at character 1)
        "#]],
    );
}

#[test]
fn cron_matches_all_its_fields_in_utc() {
    check(
        Timer::cycle,
        &[
            "0 0 9 * * MON-FRI",
            "0 9 * * mon-fri",
            "0 0 9-17 * * MON-FRI",
            "*/20 * * * *",
            "30 10/6 * * *",
            "*/25 * * * * *",
            "0 10 13 * FRI",
            "0 10 29 2 *",
            "0 10 29 FEB MON",
            "0 10 31 * ?",
            "0 0 10 ? JAN,JUL SUN",
            "0 10 * * 6-7",
            "0 10 * * SAT-SUN",
            "0 10 * * SUN-MON",
            "0 10 1-10/3,31 * *",
            "@yearly",
            "@annually",
            "@monthly",
            "@weekly",
            "@daily",
            "@midnight",
            "@hourly",
            "  0   10 *  * *  ",
        ],
        expect![[r#"
            0 0 9 * * MON-FRI  =>  2026-02-02T09:00:00Z 2026-02-03T09:00:00Z 2026-02-04T09:00:00Z 2026-02-05T09:00:00Z 2026-02-06T09:00:00Z … {"cron":"0 0 9 * * MON-FRI"}
            0 9 * * mon-fri  =>  2026-02-02T09:00:00Z 2026-02-03T09:00:00Z 2026-02-04T09:00:00Z 2026-02-05T09:00:00Z 2026-02-06T09:00:00Z … {"cron":"0 9 * * mon-fri"}
            0 0 9-17 * * MON-FRI  =>  2026-02-02T09:00:00Z 2026-02-02 2026-02-02T11:00:00Z 2026-02-02T12:00:00Z 2026-02-02T13:00:00Z … {"cron":"0 0 9-17 * * MON-FRI"}
            */20 * * * *  =>  2026-01-31T10:20:00Z 2026-01-31T10:40:00Z 2026-01-31T11:00:00Z 2026-01-31T11:20:00Z 2026-01-31T11:40:00Z … {"cron":"*/20 * * * *"}
            30 10/6 * * *  =>  2026-01-31T10:30:00Z 2026-01-31T16:30:00Z 2026-01-31T22:30:00Z 2026-02-01T10:30:00Z 2026-02-01T16:30:00Z … {"cron":"30 10/6 * * *"}
            */25 * * * * *  =>  2026-01-31T10:00:25Z 2026-01-31T10:00:50Z 2026-01-31T10:01:00Z 2026-01-31T10:01:25Z 2026-01-31T10:01:50Z … {"cron":"*/25 * * * * *"}
            0 10 13 * FRI  =>  2026-02-13 2026-03-13 2026-11-13 2027-08-13 2028-10-13 … {"cron":"0 10 13 * FRI"}
            0 10 29 2 *  =>  2028-02-29 2032-02-29 2036-02-29 2040-02-29 2044-02-29 … {"cron":"0 10 29 2 *"}
            0 10 29 FEB MON  =>  2044-02-29 2072-02-29 2112-02-29 2140-02-29 2168-02-29 … {"cron":"0 10 29 FEB MON"}
            0 10 31 * ?  =>  2026-03-31 2026-05-31 2026-07-31 2026-08-31 2026-10-31 … {"cron":"0 10 31 * ?"}
            0 0 10 ? JAN,JUL SUN  =>  2026-07-05 2026-07-12 2026-07-19 2026-07-26 2027-01-03 … {"cron":"0 0 10 ? JAN,JUL SUN"}
            0 10 * * 6-7  =>  2026-02-01 2026-02-07 2026-02-08 2026-02-14 2026-02-15 … {"cron":"0 10 * * SAT-SUN"}
            0 10 * * SAT-SUN  =>  2026-02-01 2026-02-07 2026-02-08 2026-02-14 2026-02-15 … {"cron":"0 10 * * SAT-SUN"}
            0 10 * * SUN-MON  =>  2026-02-01 2026-02-02 2026-02-08 2026-02-09 2026-02-15 … {"cron":"0 10 * * SUN-MON"}
            0 10 1-10/3,31 * *  =>  2026-02-01 2026-02-04 2026-02-07 2026-02-10 2026-03-01 … {"cron":"0 10 1-10/3,31 * *"}
            @yearly  =>  2027-01-01T00:00:00Z 2028-01-01T00:00:00Z 2029-01-01T00:00:00Z 2030-01-01T00:00:00Z 2031-01-01T00:00:00Z … {"cron":"@yearly"}
            @annually  =>  2027-01-01T00:00:00Z 2028-01-01T00:00:00Z 2029-01-01T00:00:00Z 2030-01-01T00:00:00Z 2031-01-01T00:00:00Z … {"cron":"@annually"}
            @monthly  =>  2026-02-01T00:00:00Z 2026-03-01T00:00:00Z 2026-04-01T00:00:00Z 2026-05-01T00:00:00Z 2026-06-01T00:00:00Z … {"cron":"@monthly"}
            @weekly  =>  2026-02-01T00:00:00Z 2026-02-08T00:00:00Z 2026-02-15T00:00:00Z 2026-02-22T00:00:00Z 2026-03-01T00:00:00Z … {"cron":"@weekly"}
            @daily  =>  2026-02-01T00:00:00Z 2026-02-02T00:00:00Z 2026-02-03T00:00:00Z 2026-02-04T00:00:00Z 2026-02-05T00:00:00Z … {"cron":"@daily"}
            @midnight  =>  2026-02-01T00:00:00Z 2026-02-02T00:00:00Z 2026-02-03T00:00:00Z 2026-02-04T00:00:00Z 2026-02-05T00:00:00Z … {"cron":"@midnight"}
            @hourly  =>  2026-01-31T11:00:00Z 2026-01-31T12:00:00Z 2026-01-31T13:00:00Z 2026-01-31T14:00:00Z 2026-01-31T15:00:00Z … {"cron":"@hourly"}
              0   10 *  * *    =>  2026-02-01 2026-02-02 2026-02-03 2026-02-04 2026-02-05 … {"cron":"0 10 * * *"}
        "#]],
    );
}

#[test]
fn weekdays_are_kept_by_name() {
    let cases = [
        ("0 9 * * 1-5", "0 9 * * MON-FRI"),
        ("0  0 9 ?  * 0,3,7", "0 0 9 ? * SUN,WED,SUN"),
        ("* * * * 5-7", "* * * * FRI-SUN"),
        ("* * * * 0-7", "* * * * SUN,MON,TUE,WED,THU,FRI,SAT"),
        ("* * * * 0-7/3", "* * * * SUN,WED,SAT"),
        ("* * * * 1/2", "* * * * MON-SUN/2"),
        ("* * * * mon/3,TUE-4", "* * * * mon-SUN/3,TUE-THU"),
        ("* * * * 0/4", "* * * * */4"),
        ("* * * * 7/2", "* * * * SUN"),
        ("1-7 1-7 1-7 1-7 */2", "1-7 1-7 1-7 1-7 */2"),
        ("0 9 * * MON", "0 9 * * MON"),
        ("@weekly", "@weekly"),
        ("R7/P1D", "R7/P1D"),
    ];
    for (text, named) in cases {
        let timer = Timer::cycle(text).unwrap();
        assert_eq!(timer.template().source(), named, "{text}");
        // A value at run time is as it comes.
        let given = Timer::cycle(&format!("${{\"{text}\"}}")).unwrap();
        let mut both = [timer, given].map(|one| Some(one.schedule(&variables(), now()).unwrap()));
        for _ in 0..10 {
            let [one, other] = both.each_ref().map(|one| one.as_ref().map(|one| one.due));
            assert_eq!(one, other, "{text}");
            both = both.map(|one| one.and_then(|one| one.then?.next(one.due, one.due)));
        }
    }
    let long = format!("{} * * * 1", "1,".repeat(94) + "1");
    assert!(Timer::cycle(&long).unwrap().schedule(&variables(), now()).is_ok());
    let many = format!("* * * * {}", "1,".repeat(90) + "1");
    assert_eq!(Timer::cycle(&many).unwrap().template().source(), "* * * * MON");
}

#[test]
fn cron_that_cannot_be_is_refused_with_its_field() {
    check(
        Timer::cycle,
        &[
            "0 0 30 2 *",
            "0 0 31 2,4,6,9,11 *",
            "60 * * * *",
            "* 24 * * *",
            "* * 0 * *",
            "* * * 13 *",
            "* * * * 8",
            "* * * * MONDAY",
            "? * * * *",
            "*/0 * * * *",
            "*/x * * * *",
            "17-9 * * * *",
            "* * L * *",
            "* * 15W * *",
            "* * * * FRI#2",
            "1,,2 * * * *",
            "-5 * * * *",
            "* * * *",
            "0 0 12 * * ? 2027",
            "@reboot",
            "@every 5m",
            "",
        ],
        expect![[r#"
            0 0 30 2 *  =>  flaw: "0 0 30 2 *" never happens: no month has such a day (at character 1)
            0 0 31 2,4,6,9,11 *  =>  flaw: "0 0 31 2,4,6,9,11 *" never happens: no month has such a day (at character 1)
            60 * * * *  =>  flaw: the minute "60" of the cron is not made of values 0 to 59 (at character 1)
            * 24 * * *  =>  flaw: the hour "24" of the cron is not made of values 0 to 23 (at character 1)
            * * 0 * *  =>  flaw: the day "0" of the cron is not made of values 1 to 31 (at character 1)
            * * * 13 *  =>  flaw: the month "13" of the cron is not made of values 1 to 12 (at character 1)
            * * * * 8  =>  flaw: the weekday "8" of the cron is not made of values 0 to 7 (at character 1)
            * * * * MONDAY  =>  flaw: the weekday "MONDAY" of the cron is not made of values 0 to 7 (at character 1)
            ? * * * *  =>  flaw: the minute "?" of the cron is not made of values 0 to 59 (at character 1)
            */0 * * * *  =>  flaw: the minute "*/0" of the cron has a step that is not a number from 1 on (at character 1)
            */x * * * *  =>  flaw: the minute "*/x" of the cron has a step that is not a number from 1 on (at character 1)
            17-9 * * * *  =>  flaw: the minute "17-9" of the cron has a range that goes backwards (at character 1)
            * * L * *  =>  flaw: the day "L" of the cron has L, which is not supported (at character 1)
            * * 15W * *  =>  flaw: the day "15W" of the cron has W, which is not supported (at character 1)
            * * * * FRI#2  =>  flaw: the weekday "FRI#2" of the cron has #, which is not supported (at character 1)
            1,,2 * * * *  =>  flaw: the minute "1,,2" of the cron is not made of values 0 to 59 (at character 1)
            -5 * * * *  =>  flaw: the minute "-5" of the cron is not made of values 0 to 59 (at character 1)
            * * * *  =>  flaw: "* * * *" is not a cycle; write an interval such as R3/PT10M, or five or six fields of cron such as 0 0 9 * * MON-FRI (at character 1)
            0 0 12 * * ? 2027  =>  flaw: "0 0 12 * * ? 2027" is not a cycle; write an interval such as R3/PT10M, or five or six fields of cron such as 0 0 9 * * MON-FRI (at character 1)
            @reboot  =>  flaw: "@reboot" is not known; there are @yearly, @monthly, @weekly, @daily and @hourly (at character 1)
            @every 5m  =>  flaw: "@every 5m" is not known; there are @yearly, @monthly, @weekly, @daily and @hourly (at character 1)
              =>  flaw: "" is not a cycle; write an interval such as R3/PT10M, or five or six fields of cron such as 0 0 9 * * MON-FRI (at character 1)
        "#]],
    );
}

#[test]
fn every_working_day_of_a_year_comes_once() {
    let mut schedule = Timer::cycle("0 9 * * MON-FRI")
        .unwrap()
        .schedule(&variables(), "2025-12-31T23:59:59Z".parse().unwrap())
        .unwrap();
    let mut days = 0;
    while schedule.due < "2027-01-01T00:00:00Z".parse().unwrap() {
        days += 1;
        schedule = schedule.then.unwrap().next(schedule.due, schedule.due).unwrap();
    }
    assert_eq!(days, 261);
}

#[test]
fn an_endless_cycle_always_moves_on() {
    let texts = ["R/P1M", "R/P1Y2M10DT2H30M", "R/PT1S", "R/P13M", "R/2000-02-29T00:00:00Z/P1M2W"];
    for text in texts {
        let mut schedule = Timer::cycle(text).unwrap().schedule(&variables(), now()).unwrap();
        for _ in 0..2000 {
            let before = schedule.due;
            schedule = schedule.then.unwrap().next(before, before).unwrap();
            assert!(before < schedule.due, "{text} stands still at {before}");
        }
    }
}

#[test]
fn the_end_of_the_calendar_ends_a_timer() {
    let last = "9999-12-30T12:00:00Z".parse().unwrap();
    let told = |text| moments(Timer::cycle(text), last);
    expect!["9999-12-30T13:00:00Z 9999-12-30T14:00:00Z 9999-12-30T15:00:00Z 9999-12-30T16:00:00Z 9999-12-30T17:00:00Z … {\"cycle\":\"R/PT1H\"}"].assert_eq(&told("R/PT1H"));
    expect!["error: the cycle R/P1M is over: no moment of it lies after 9999-12-30T12:00:00Z (at character 1 of R/P1M)"].assert_eq(&told("R/P1M"));
    expect!["error: the cron has no moment any more (at character 1 of @yearly)"]
        .assert_eq(&told("@yearly"));
}

#[test]
fn what_was_stored_by_hand_is_checked_again() {
    let texts = [
        r#"{"cycle":"R2/PT10M"}"#,
        r#"{"cron":"0 0 9 * * MON-FRI"}"#,
        r#"{"cycle":"R2/PT0S"}"#,
        r#"{"cron":"0 0 30 2 *"}"#,
        r#"{"cycle":"0 9 * * *"}"#,
    ];
    let told: String = texts
        .iter()
        .map(|text| match serde_json::from_str::<Recurrence>(text) {
            Ok(then) => format!("{}\n", serde_json::to_string(&then).unwrap()),
            Err(error) => format!("{error}\n"),
        })
        .collect();
    expect![[r#"
        {"cycle":"R2/PT10M"}
        {"cron":"0 0 9 * * MON-FRI"}
        the interval PT0S of the cycle is shorter than a second
        "0 0 30 2 *" never happens: no month has such a day
        "0 9 * * *" is not a cycle; write one such as R3/PT10M, R/PT1H, R3/2026-01-01T00:00:00Z/P1D or R/PT1H/2027-01-01T00:00:00Z
    "#]].assert_eq(&told);
}

#[test]
fn damaged_cycles_never_panic() {
    let texts = [
        "R3/2026-01-31T00:00:00Z/P1Y2M10DT2H30M/2027-01-01T00:00:00Z",
        "0 0/5 9-17 1,15 JAN-DEC/2 MON-FRI",
    ];
    let mut dice = Dice(0x5eed_0007);
    for text in texts {
        for _ in 0..4000 {
            let text = damaged(&damaged(text, &mut dice), &mut dice);
            moments(Timer::cycle(&text), now());
            moments(Timer::date(&text), now());
        }
    }
}

#[test]
fn what_failed_is_tried_again_so_often_an_interval_apart_or_after_given_pauses() {
    let now = now();
    let told = |text: &str| {
        let retries = match Retries::read(text) {
            Ok(retries) => retries,
            Err(flaw) => return format!("flaw: {flaw}"),
        };
        let due = |failed| match retries.due(&variables(), failed, now) {
            Ok(Some(due)) => format!("{:?}", due.duration_since(now)),
            Ok(None) => "no more".to_owned(),
            Err(error) => format!("error: {error}"),
        };
        (1..5).map(due).collect::<Vec<_>>().join(", ")
    };
    let texts = [
        "R3/PT10M",
        "R1000/PT1H",
        "PT10S,PT1M",
        " PT10S , P1D ,PT5M",
        "R0/PT1S",
        "${'R1/PT1M'}",
        "${missing}",
        "PT5M,",
        "",
        "R/PT1M",
        "R1001/PT1M",
        "R-1/PT1M",
        "R3/10 minutes",
        "R3/2026-01-01T00:00:00Z/PT1M",
        "P200Y",
        "${7}",
    ];
    let lines: String = texts.iter().map(|text| format!("{text}  =>  {}\n", told(text))).collect();
    expect![[r#"
        R3/PT10M  =>  10m, 10m, 10m, no more
        R1000/PT1H  =>  1h, 1h, 1h, 1h
        PT10S,PT1M  =>  10s, 1m, no more, no more
         PT10S , P1D ,PT5M  =>  10s, 24h, 5m, no more
        R0/PT1S  =>  no more, no more, no more, no more
        ${'R1/PT1M'}  =>  1m, no more, no more, no more
        ${missing}  =>  error: there is no variable missing; if it may be missing, ask execution.hasVariable("missing") first (at character 3 of ${missing}), error: there is no variable missing; if it may be missing, ask execution.hasVariable("missing") first (at character 3 of ${missing}), error: there is no variable missing; if it may be missing, ask execution.hasVariable("missing") first (at character 3 of ${missing}), error: there is no variable missing; if it may be missing, ask execution.hasVariable("missing") first (at character 3 of ${missing})
        PT5M,  =>  flaw: "" is not a duration; write one such as PT15M or P5D (at character 1)
          =>  flaw: "" is not a duration; write one such as PT15M or P5D (at character 1)
        R/PT1M  =>  flaw: "R/PT1M" does not say how often, from R0 to R1000; retries are a text such as R5/PT10M or PT10S,PT1M (at character 1)
        R1001/PT1M  =>  flaw: "R1001/PT1M" does not say how often, from R0 to R1000; retries are a text such as R5/PT10M or PT10S,PT1M (at character 1)
        R-1/PT1M  =>  flaw: "R-1/PT1M" does not say how often, from R0 to R1000; retries are a text such as R5/PT10M or PT10S,PT1M (at character 1)
        R3/10 minutes  =>  flaw: "10 minutes" is not a duration; write one such as PT15M or P5D (at character 1)
        R3/2026-01-01T00:00:00Z/PT1M  =>  flaw: "2026-01-01T00:00:00Z/PT1M" is not a duration; write one such as PT15M or P5D (at character 1)
        P200Y  =>  flaw: the duration is longer than a century (at character 1)
        ${7}  =>  flaw: retries are a text such as R5/PT10M or PT10S,PT1M, not 7 (at character 1)
    "#]].assert_eq(&lines);
    let many = vec!["PT1S"; 1001].join(",");
    assert!(Retries::read(&many).is_err(), "more pauses than anything is tried again");
}

#[test]
fn what_goes_on_for_ever_comes_once_for_all_that_it_missed_and_what_is_counted_comes_each_time() {
    let moment = |text: &str| format!("2026-01-31T{text}Z").parse::<Timestamp>().unwrap();
    #[rustfmt::skip]
    let cases = [
        // Armed at ten, it fired for its first moment so late, and its next is then.
        ("R/PT1H",                           "11:00:00", Some("12:00:00")),
        ("R/PT1H",                           "11:59:59", Some("12:00:00")),
        ("R/PT1H",                           "12:00:00", Some("13:00:00")),
        ("R/PT1H",                           "15:30:00", Some("16:00:00")),
        ("R3/PT1H",                          "15:30:00", Some("12:00:00")),
        ("R/2026-01-31T10:15:00Z/PT1H",      "15:30:00", Some("16:15:00")),
        ("R3/2026-01-31T10:15:00Z/PT1H",     "15:30:00", Some("11:15:00")),
        ("R/PT1H/2026-01-31T15:45:00Z",      "15:30:00", None),
        ("0 11-20 * * *",                    "15:30:00", Some("16:00:00")),
    ];
    for (text, fired, expected) in cases {
        let first = Timer::cycle(text).unwrap().schedule(&variables(), now()).unwrap();
        let next = first.then.unwrap().next(first.due, moment(fired));
        assert_eq!(next.map(|next| next.due), expected.map(moment), "{text} at {fired}");
    }
}
