//! The city as a tenant, what is drawn around it, and the table of its holidays.

use kernel::area::AreaKey;
use kernel::calendar::DayKind;
use kernel::time::{Date, Time};
use serde::{Deserialize, Serialize};

use super::Record;

/// What a city says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// The city's key (6 digits).
    pub city: AreaKey,
    /// Its name, for example 江阴市.
    pub name: String,
    /// The title over every page, for example 文明江阴云平台.
    pub system_title: String,
    /// The telephone number of the hotline, shown where the pages fail somebody.
    pub hotline: String,
    /// What the numbers of its cases begin with, for example JY.
    pub number_prefix: String,
    /// Whose maps are shown (审图号 or credit).
    pub map_credit: String,
    /// Working hours (from, to) in minutes since midnight; empty means 08:00–12:00 and 14:00–18:00 (domain.md §1.6).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hours: Vec<(u16, u16)>,
    /// 三员兼任: may one person manage, work on cases and audit? For a city too small to keep them apart; the event that
    /// says so names who allowed it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub joined_duties: bool,
}

impl Record for Profile {
    const KIND: &'static str = "profile";
    const STREAM: &'static str = "org.profile";
    fn id(&self) -> i64 {
        self.city.0
    }
    fn code(&self) -> String {
        self.city.code()
    }
}

/// What is drawn around the city on its maps, for orientation only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backdrop {
    /// The city's key.
    pub city: AreaKey,
    /// The neighbours as a GeoJSON FeatureCollection with `code` and `name`.
    pub neighbours: String,
}

impl Record for Backdrop {
    const KIND: &'static str = "backdrop";
    const STREAM: &'static str = "org.backdrop";
    fn id(&self) -> i64 {
        self.city.0
    }
    fn code(&self) -> String {
        self.city.code()
    }
}

/// A date that differs from its weekday: 放假 or 调休上班.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// The date.
    pub date: Date,
    /// What it is instead.
    pub kind: DayKind,
    /// Why, for example 春节.
    pub name: String,
}

impl Record for Day {
    const KIND: &'static str = "day";
    const STREAM: &'static str = "org.day";
    /// Days since 1970-01-01.
    fn id(&self) -> i64 {
        Time::start_of(self.date).day_number()
    }
    fn code(&self) -> String {
        self.date.to_string()
    }
}

/// Somebody says that all dates of a year stand in the table. The State Council announces years whole, but people type
/// them in one by one: until the last, deadlines in it are guesses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompleteYear {
    /// For example 2027.
    pub year: i16,
}

impl Record for CompleteYear {
    const KIND: &'static str = "year";
    const STREAM: &'static str = "org.year";
    fn id(&self) -> i64 {
        self.year.into()
    }
    fn code(&self) -> String {
        self.year.to_string()
    }
}
