//! The whole product seen from inside: who may call what, and that everything which can be refused has words.

use kernel::rights::{ROLES, Role};
use platform::web::{Dictionary, Need, RouteRight};

use crate::router::{self, WORDS};

mod manners;
mod served;
mod words;

/// The reviewed table of roles and routes. `YOUJU_BLESS=1` writes it anew.
const PERMISSIONS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/permissions.md");

fn allows(role: Role, need: Need) -> bool {
    match need {
        Need::Public | Need::SignIn | Need::SignedIn => true,
        Need::Right(right) => role.rights().contains(&right),
    }
}

fn table(rights: &[RouteRight]) -> String {
    let mut out = String::from(
        "# Who may call what\n\nMade from the code by a test of `crates/server`. A dot means that a grant of the role opens the route; \
         whose record it is, is a rule behind it. Public routes answer without an account; 登录 is the sign-in of the staff door.\n\n| route | needs |",
    );
    for role in ROLES {
        out.push_str(&format!(" {} |", org::role_name(role)));
    }
    out.push_str("\n|---|---|");
    out.push_str(&":-:|".repeat(ROLES.len()));
    out.push('\n');
    for route in rights {
        let need = match route.need {
            Need::Public => "public".to_owned(),
            Need::SignIn => "登录".to_owned(),
            Need::SignedIn => "signed in".to_owned(),
            Need::Right(right) => format!("{right:?}"),
        };
        out.push_str(&format!("| {} {} | {need} |", route.method, route.path));
        for role in ROLES {
            out.push_str(if allows(role, route.need) { " · |" } else { "  |" });
        }
        out.push('\n');
    }
    out
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the way to accept a reviewed snapshot")]
fn the_table_of_roles_and_routes_is_the_reviewed_one() {
    let made = table(&router::rights());
    if std::env::var("YOUJU_BLESS").is_ok() {
        std::fs::write(PERMISSIONS, &made).unwrap();
    }
    let reviewed = std::fs::read_to_string(PERMISSIONS).unwrap_or_default();
    assert!(
        made == reviewed,
        "docs/permissions.md differs; read the change, then YOUJU_BLESS=1 cargo test -p server"
    );
}

#[test]
fn every_documented_route_declares_its_right_and_no_other_exists() {
    let document = router::document();
    let mut documented: Vec<(String, &str)> = Vec::new();
    for (path, item) in &document.paths.paths {
        let operations = [
            ("GET", &item.get),
            ("PUT", &item.put),
            ("POST", &item.post),
            ("DELETE", &item.delete),
            ("PATCH", &item.patch),
        ];
        documented.extend(operations.iter().filter(|(_, o)| o.is_some()).map(|(m, _)| (path.clone(), *m)));
    }
    let mut declared: Vec<(String, &str)> =
        router::rights().iter().map(|route| (route.path.clone(), route.method)).collect();
    documented.sort();
    declared.sort();
    assert_eq!(documented, declared);
    assert!(declared.len() > 40, "{}", declared.len());
}

#[test]
fn residents_can_do_nothing_that_staff_must_be_asked_for() {
    for route in router::rights() {
        let public = route.need == Need::Public;
        // The ground of the map is public: a resident picks his place on it.
        let open = ["/api/v1/public/", "/api/v1/geo/", "/api/v1/files"];
        let residents = open.iter().any(|start| route.path.starts_with(start));
        assert_eq!(public, residents, "{} {}", route.method, route.path);
    }
}

#[test]
fn every_context_has_its_words_in_both_languages_and_no_code_twice() {
    let dictionary = Dictionary::read(WORDS).unwrap();
    assert!(dictionary.codes().len() > 100, "{}", dictionary.codes().len());
    for code in dictionary.codes() {
        assert!(dictionary.knows(code), "{code} lacks a language");
    }
}
