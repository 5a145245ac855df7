//! The rights table read as sentences, and the list filter held against the single question.

use proptest::prelude::*;

use super::*;

fn area(code: &str) -> AreaKey {
    code.parse().unwrap()
}

fn grant(role: Role, code: &str, unit: Option<i64>) -> Grant {
    Grant { role, area: area(code).range(), unit: unit.map(UnitId) }
}

#[test]
fn who_may_do_what_where() {
    let zhouzhuang_case = Target { area: area("3202811082030004"), unit: Some(UnitId(7)) };
    let rows = [
        (grant(Role::Acceptor, "320281", None), Right::CaseFile, true),
        (grant(Role::Acceptor, "320281", None), Right::CaseHandle, false),
        (grant(Role::Acceptor, "320281107", None), Right::CaseFile, false),
        (grant(Role::Handler, "320281", Some(7)), Right::CaseHandle, true),
        (grant(Role::Handler, "320281", Some(8)), Right::CaseHandle, false),
        (grant(Role::Handler, "320281", Some(8)), Right::CaseRead, false),
        (grant(Role::Handler, "320281", None), Right::CaseHandle, false),
        (grant(Role::Handler, "320281", Some(7)), Right::CaseClose, false),
        (grant(Role::Checker, "320281", Some(8)), Right::CaseCheck, true),
        (grant(Role::Leader, "320281108", None), Right::CaseRead, true),
        (grant(Role::Leader, "320281108", None), Right::ReporterUnmask, false),
        (grant(Role::Admin, "320281", None), Right::CaseRead, false),
        (grant(Role::Auditor, "320281", None), Right::JournalVerify, true),
    ];
    for (grant, right, expected) in rows {
        assert_eq!(may(&[grant], right, &zhouzhuang_case), expected, "{grant:?} {right:?}");
    }
}

#[test]
fn the_fixer_can_never_close_or_check() {
    for right in [Right::CaseClose, Right::CaseCheck, Right::CaseFile, Right::CaseDispatch] {
        assert!(!Role::Handler.rights().contains(&right));
    }
}

#[test]
fn leaders_and_auditors_only_look() {
    let looking: Vec<Role> =
        ROLES.into_iter().filter(|role| role.rights().iter().all(|right| right.only_looks())).collect();
    assert_eq!(looking, [Role::Leader, Role::Auditor]);
}

#[test]
fn narrower_scopes_disappear_under_wider_ones() {
    let grants = [
        grant(Role::Leader, "320281108", None),
        grant(Role::Leader, "320281", None),
        grant(Role::Handler, "320281", Some(7)),
    ];
    assert_eq!(scopes(&grants, Right::CaseRead), [Scope { area: area("320281").range(), unit: None }]);
    assert!(scopes(&grants, Right::OrgEdit).is_empty());
}

fn any_grant() -> impl Strategy<Value = Grant> {
    let codes =
        prop::sample::select(vec!["320281", "320281108", "320281107", "320281108203", "3202811082030004"]);
    (prop::sample::select(ROLES.to_vec()), codes, prop::option::of(1..4_i64))
        .prop_map(|(role, code, unit)| grant(role, code, unit))
}

proptest! {
    #[test]
    fn the_list_filter_says_the_same_as_the_single_question(
        grants in prop::collection::vec(any_grant(), 0..6),
        right in prop::sample::select(RIGHTS.to_vec()),
        code in prop::sample::select(vec!["320281", "320281107201", "3202811082030004", "3202811082030005"]),
        unit in prop::option::of(1..4_i64),
    ) {
        let target = Target { area: area(code), unit: unit.map(UnitId) };
        let listed = scopes(&grants, right).iter().any(|scope| scope.holds(&target));
        prop_assert_eq!(listed, may(&grants, right, &target));
    }
}
