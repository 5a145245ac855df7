//! People, posts, deputies.

use std::collections::{BTreeMap, HashMap};

use kernel::id::UserId;
use kernel::rights::Role;
use serde_json::Value;

use super::{About, Judge, NAME_CHARS};
use crate::document::Kind;
use crate::model::{Dates, Person, PersonId, PostId, Record, role_name};

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
        self.duties();
        let posts = after.posts.iter().map(|post| (post.id.0, post.code()));
        for (id, _other, _code) in self.twins(Kind::Post, posts) {
            let params = BTreeMap::from([("code", Value::from(after.code_of(Kind::Post, id)))]);
            self.unfit_with(About { kind: Kind::Post, id }, "code", "org/code-taken", params);
        }
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

    /// 三员分立: managing, working on cases and auditing exclude each other on every day, by posts of one's own and by
    /// those in which one stands in, unless the city says otherwise.
    fn duties(&mut self) {
        let after = self.after;
        if after.profile.as_ref().is_some_and(|profile| profile.joined_duties) {
            return;
        }
        let mut held: HashMap<PersonId, Vec<Held>> = HashMap::new();
        let posts: HashMap<PostId, _> = after.posts.iter().map(|post| (post.id, post)).collect();
        for post in &after.posts {
            let about = About { kind: Kind::Post, id: post.id.0 };
            let one = Held { about, field: "role", role: post.role, valid: post.valid };
            held.entry(post.person).or_default().push(one);
        }
        for deputy in &after.deputies {
            let about = About { kind: Kind::Deputy, id: deputy.id.0 };
            let Some(post) = posts.get(&deputy.post) else { continue };
            let Some(valid) = post.valid.and(&deputy.valid) else { continue };
            let one = Held { about, field: "person", role: post.role, valid };
            held.entry(deputy.person).or_default().push(one);
        }
        for all in held.values() {
            for (index, one) in all.iter().enumerate() {
                let joined = |other: &&Held| {
                    other.role.duty() != one.role.duty() && other.valid.and(&one.valid).is_some()
                };
                // Of two, the one that was touched is told; the later one where both were.
                for other in all[..index].iter().filter(joined) {
                    let told =
                        if self.touched.contains(&(one.about.kind, one.about.id)) { one } else { other };
                    let params = BTreeMap::from([
                        ("role", Value::from(role_name(one.role))),
                        ("other", Value::from(role_name(other.role))),
                    ]);
                    self.unfit_with(told.about, told.field, "org/duties-joined", params);
                }
            }
        }
    }
}

/// A role that somebody holds, by a post of his own or by standing in.
struct Held {
    about: About,
    field: &'static str,
    role: Role,
    valid: Dates,
}
