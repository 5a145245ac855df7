//! People, posts, deputies.

use std::collections::BTreeMap;

use super::{About, Judge, NAME_CHARS};
use crate::document::Kind;
use crate::model::{PostId, Record};

impl Judge<'_> {
    pub(super) fn people(&mut self) {
        let after = self.after;
        for view in &after.persons {
            let person = &view.person;
            let about = About { kind: Kind::Person, id: person.id.0 };
            self.code(about, &person.code);
            self.impersonal(about, "code", &person.code);
            self.optional_line(about, "title", &person.title, NAME_CHARS);
            self.impersonal(about, "title", &person.title);
            self.dates(about, person.valid);
            if let Some(unit) = person.unit {
                self.unit(about, "unit", unit);
            }
        }
        let persons = || after.persons.iter().map(|view| &view.person);
        self.unique(Kind::Person, persons().map(|person| (person.id.0, person.code.clone())));
        let logins = persons().filter_map(|person| Some((person.id.0, format!("user:{}", person.user?))));
        self.unique(Kind::Person, logins);
        let mut holders = BTreeMap::new();
        for post in &after.posts {
            let about = About { kind: Kind::Post, id: post.id.0 };
            holders.insert(post.id, post.person);
            self.person(about, "person", post.person);
            self.area(about, "area", post.area);
            self.dates(about, post.valid);
            match post.unit {
                Some(unit) => self.unit(about, "unit", unit),
                None => self.need(about, "unit", "org/role-needs-unit", !post.role.bound_to_unit()),
            }
        }
        self.unique(Kind::Post, after.posts.iter().map(|post| (post.id.0, post.code())));
        for deputy in &after.deputies {
            let about = About { kind: Kind::Deputy, id: deputy.id.0 };
            self.person(about, "person", deputy.person);
            let PostId(post) = deputy.post;
            self.reference(about, "post", Kind::Post, post, holders.contains_key(&deputy.post));
            let himself = holders.get(&deputy.post) == Some(&deputy.person);
            self.need(about, "person", "org/own-deputy", !himself);
            // A deputy without an end would be a second holder whom nobody appointed.
            self.need(about, "valid_to", "org/deputy-needs-dates", deputy.valid.days().is_some());
            self.dates(about, deputy.valid);
        }
    }
}
