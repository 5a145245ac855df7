//! What a city says about its cases in rows, not in code: classes, 立结案 standards, reasons, and policies by channel.

use std::collections::BTreeMap;

use kernel::calendar::Limit;
use kernel::class::{ClassCode, GroupCode};
use kernel::problem::Lang;
use kernel::time::Time;

use super::{ReasonCode, Source, StandardId};

/// From when until when a row holds: `to` is the first moment at which it no longer does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// First moment.
    pub from: Time,
    /// First moment after; none while no end is known.
    pub to: Option<Time>,
}

impl Validity {
    /// Does the row hold at this moment?
    pub fn holds(&self, at: Time) -> bool {
        self.from <= at && self.to.is_none_or(|to| at < to)
    }
}

/// What something is called in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// 中文.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Name {
    /// In one of them.
    pub fn of(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// A 大类.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its code.
    pub code: GroupCode,
    /// Its name.
    pub name: Name,
}

/// A 小类: a kind of problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Class {
    /// Its code.
    pub code: ClassCode,
    /// Its name.
    pub name: Name,
    /// Is it a class of the city (numbered downward from 99, domain.md §1.3) and not a national one?
    pub local: bool,
}

/// What stands in the place of a class while nobody has said which: a report may come in with it where the policy of its
/// channel allows, and filing puts a class of the catalogue in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unclassed {
    /// Its code, which is no class's.
    pub code: ClassCode,
    /// What staff and figures call it: 未分类.
    pub name: Name,
    /// What residents choose: 其他/不清楚.
    pub plain: Name,
}

/// Words that people use for a class, from a day on until its next row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// The class that they mean.
    pub class: ClassCode,
    /// The words.
    pub words: Vec<String>,
    /// First moment at which they hold.
    pub from: Time,
}

/// A row of the 立结案 standard: when to file, how long, when to close. One class has several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standard {
    /// Its code.
    pub id: StandardId,
    /// Its class.
    pub class: ClassCode,
    /// 立案条件.
    pub filing_condition: String,
    /// 处置时限.
    pub limit: Limit,
    /// 结案条件.
    pub closing_condition: String,
    /// How many photos of the result it asks for at least; 0 where a photo shows nothing (noise).
    pub after_photos_least: u8,
    /// When it holds.
    pub validity: Validity,
    /// Where it comes from.
    pub source: String,
}

/// A kind of problem in the words of residents, for the short menu of the phone page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuItem {
    /// The class behind it.
    pub class: ClassCode,
    /// What it is called there.
    pub name: Name,
}

/// A reason for refusing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Its code.
    pub code: ReasonCode,
    /// What the reporter reads.
    pub name: Name,
    /// Does it say nothing without words of its own?
    pub needs_note: bool,
}

/// How the cases of one channel are treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Does the reporter get a receipt code?
    pub receipt: bool,
    /// Must somebody look before filing (核实)? Inspectors' own reports skip it (domain.md §1.5).
    pub pre_verify: bool,
    /// May a report say that it does not know its class (其他/不清楚)? The acceptor classes it when filing.
    pub unclassed: bool,
    /// How many photos a report needs at least.
    pub report_photos_least: u8,
    /// How many photos any one step may carry.
    pub photos_most: u8,
    /// How many photos a check needs at least.
    pub check_photos_least: u8,
    /// From receipt until filed or refused.
    pub intake_limit: Limit,
    /// From filing until dispatched.
    pub dispatch_limit: Limit,
    /// From feedback until closed or sent back.
    pub check_limit: Limit,
    /// How many calendar days after closing the reporter may give a verdict.
    pub verdict_days: u16,
}

/// A value that changes on known days: there is always one, whatever the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dated<T> {
    first: T,
    later: BTreeMap<Time, T>,
}

impl<T> Dated<T> {
    /// The value that holds from the beginning of time until [`Dated::change`] says otherwise.
    pub const fn new(first: T) -> Self {
        Self { first, later: BTreeMap::new() }
    }

    /// From this moment on another value holds.
    pub fn change(&mut self, from: Time, value: T) {
        self.later.insert(from, value);
    }

    /// The value at a moment.
    pub fn at(&self, at: Time) -> &T {
        self.later.range(..=at).next_back().map_or(&self.first, |(_, value)| value)
    }
}

/// The policies of all channels; every channel has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policies {
    fallback: Policy,
    by_source: BTreeMap<Source, Dated<Policy>>,
}

impl Policies {
    /// The same policies from a time when reports and checks asked for no photos.
    #[must_use]
    pub fn without_photos(mut self) -> Self {
        let bare = |policy: &mut Policy| {
            policy.report_photos_least = 0;
            policy.check_photos_least = 0;
        };
        bare(&mut self.fallback);
        for dated in self.by_source.values_mut() {
            bare(&mut dated.first);
            dated.later.values_mut().for_each(bare);
        }
        self
    }

    /// `fallback` holds for channels that have no row of their own.
    pub const fn new(fallback: Policy, by_source: BTreeMap<Source, Dated<Policy>>) -> Self {
        Self { fallback, by_source }
    }

    /// How a case of this channel is treated at a moment.
    pub fn of(&self, source: Source, at: Time) -> &Policy {
        self.by_source.get(&source).map_or(&self.fallback, |dated| dated.at(at))
    }
}

/// Classes, standards, menu and reasons of a city.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Catalogue {
    /// 大类, in order of their codes.
    pub groups: Vec<Group>,
    /// 小类, by code.
    pub classes: BTreeMap<ClassCode, Class>,
    /// 立结案 rows, by id.
    pub standards: BTreeMap<StandardId, Standard>,
    /// The residents' menu, in its order.
    pub menu: Vec<MenuItem>,
    /// Reasons for refusing, in their order.
    pub reasons: Vec<Reason>,
    /// What stands for a class that nobody has said yet; none where every report must say it.
    pub unclassed: Option<Unclassed>,
    /// Words that people use, by class.
    pub words: BTreeMap<ClassCode, Vec<Words>>,
}

impl Catalogue {
    /// The same standards from a time when closing asked for no photos.
    #[must_use]
    pub fn without_photos(mut self) -> Self {
        for row in self.standards.values_mut() {
            row.after_photos_least = 0;
        }
        self
    }

    /// The class of this code.
    pub fn class(&self, code: ClassCode) -> Option<&Class> {
        self.classes.get(&code)
    }

    /// The stand-in, if this is its code.
    pub fn unclassed(&self, code: ClassCode) -> Option<&Unclassed> {
        self.unclassed.as_ref().filter(|unclassed| unclassed.code == code)
    }

    /// The official name of a class (`暴露生活垃圾`), as staff, figures and prints have it; its code where the catalogue
    /// no longer has it.
    pub fn class_name(&self, code: ClassCode, lang: Lang) -> String {
        let unclassed = || self.unclassed(code).map(|unclassed| &unclassed.name);
        let name = self.class(code).map(|class| &class.name).or_else(unclassed);
        name.map_or_else(|| code.to_string(), |name| name.of(lang).to_owned())
    }

    /// What residents call a class (`垃圾没人清`): its name in their menu, and the official one where it has none. Every
    /// page of theirs has this name and no other, from the choice to the receipt.
    pub fn plain_name(&self, code: ClassCode, lang: Lang) -> String {
        let unclassed = || self.unclassed(code).map(|unclassed| &unclassed.plain);
        let name = self.menu.iter().find(|item| item.class == code).map(|item| &item.name).or_else(unclassed);
        name.map_or_else(|| self.class_name(code, lang), |name| name.of(lang).to_owned())
    }

    /// The words that people use for a class at a moment.
    pub fn words_of(&self, code: ClassCode, at: Time) -> &[String] {
        let rows = self.words.get(&code).map_or(&[] as &[Words], Vec::as_slice);
        rows.iter().rev().find(|row| row.from <= at).map_or(&[], |row| row.words.as_slice())
    }

    /// The name of the 大类 of a class.
    pub fn group_name(&self, code: GroupCode, lang: Lang) -> String {
        let group = self.groups.iter().find(|group| group.code == code);
        group.map_or_else(|| code.to_string(), |group| group.name.of(lang).to_owned())
    }

    /// The standard row of this code, whether it holds or not.
    pub fn standard(&self, id: &StandardId) -> Option<&Standard> {
        self.standards.get(id)
    }

    /// The rows of a class that hold at a moment, in order of their codes.
    pub fn standards_of(&self, class: ClassCode, at: Time) -> impl Iterator<Item = &Standard> {
        self.standards.values().filter(move |row| row.class == class && row.validity.holds(at))
    }

    /// The words of a reason; its code where the catalogue no longer has it.
    pub fn reason_name(&self, code: &ReasonCode, lang: Lang) -> String {
        self.reason(code).map_or_else(|| code.to_string(), |reason| reason.name.of(lang).to_owned())
    }

    /// The reason of this code.
    pub fn reason(&self, code: &ReasonCode) -> Option<&Reason> {
        self.reasons.iter().find(|reason| reason.code == *code)
    }
}
