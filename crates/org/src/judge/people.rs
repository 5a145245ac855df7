//! People, posts, deputies.

use std::collections::{BTreeMap, HashMap};

use kernel::id::UserId;
use serde_json::Value;

use super::{About, Judge, NAME_CHARS};
use crate::document::Kind;
use crate::model::{Person, PostId, Record};

impl Judge<'_> {
    /// A login belongs to one person; whoever was touched is told whose it is.
    fn logins(&mut self) {
        let after = self.after;
        let mut seen: HashMap<UserId, &Person> = HashMap::new();
        for person in after.persons.iter().map(|view| &view.person) {
            let Some(other) = person.user.and_then(|user| seen.insert(user, person)) else { continue };
            let touched = self.touched.contains(&(Kind::Person, person.id.0));
            let (one, holder) = if touched { (person, other) } else { (other, person) };
            let params = BTreeMap::from([("code", Value::from(holder.code.as_str()))]);
            let about = About { kind: Kind::Person, id: one.id.0 };
            self.unfit_with(about, "user", "org/login-taken", params);
        }
    }

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
        self.logins();
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
