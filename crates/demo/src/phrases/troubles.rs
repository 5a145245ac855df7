//! The table of troubles in `data/troubles.txt`, read once.

use super::in_season;
use crate::dice::Dice;
use crate::geography::LandmarkKind;
use crate::pictures::{SCENES, SceneKind};
use std::sync::OnceLock;

const TABLE: &str = include_str!("../../data/troubles.txt");

/// What a trouble does to people; decides which harm a report complains of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Theme {
    /// 味: it smells.
    Smell,
    /// 险: somebody can get hurt.
    Danger,
    /// 堵: it is in the way.
    InTheWay,
    /// 貌: it looks bad.
    Looks,
    /// 噪: noise or glare.
    Noise,
    /// 尘: dust and dirt.
    Dust,
    /// 水: water.
    Water,
    /// 火: risk of fire.
    Fire,
    /// 便: a service does not work.
    Service,
}

impl Theme {
    fn from_sign(sign: &str) -> Option<Self> {
        Some(match sign {
            "味" => Self::Smell,
            "险" => Self::Danger,
            "堵" => Self::InTheWay,
            "貌" => Self::Looks,
            "噪" => Self::Noise,
            "尘" => Self::Dust,
            "水" => Self::Water,
            "火" => Self::Fire,
            "便" => Self::Service,
            _unknown => return None,
        })
    }
}

/// What can go wrong: one row for each class of the catalogue.
#[derive(Debug, Clone)]
pub struct Trouble {
    /// Class of the catalogue, as `E0110` or `P0137`.
    pub class_code: &'static str,
    /// Name of the class.
    pub name: &'static str,
    /// How often it happens, as a weight among all troubles.
    pub share: u32,
    /// What it does to people.
    pub theme: Theme,
    /// Where it happens.
    pub places: Vec<LandmarkKind>,
    /// Which picture shows it.
    pub scene: SceneKind,
    pub(crate) short: Vec<&'static str>,
    pub(crate) plain: Vec<&'static str>,
    pub(crate) formal: Vec<&'static str>,
    pub(crate) fixed: Vec<&'static str>,
}

impl Trouble {
    /// Whether it happens in this month: something can be said of it in every tone.
    pub fn happens_in(&self, month: i8) -> bool {
        let said = |texts: &[&'static str]| texts.iter().any(|text| in_season(text, month));
        in_season(self.name, month)
            && [&self.short, &self.plain, &self.formal, &self.fixed].into_iter().all(|texts| said(texts))
    }

    /// Whether it happens at such a place. Borders and clinics count as streets.
    pub fn suits(&self, place: LandmarkKind) -> bool {
        let place = match place {
            LandmarkKind::Border | LandmarkKind::Clinic => LandmarkKind::Street,
            other => other,
        };
        self.places.contains(&place)
    }
}

/// All troubles, in the order of their class codes within events and parts.
pub fn troubles() -> &'static [Trouble] {
    static TROUBLES: OnceLock<Vec<Trouble>> = OnceLock::new();
    // A row that cannot be read is left out; a test holds the table to the catalogue.
    TROUBLES.get_or_init(|| TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(row).collect())
}

/// The trouble of a class; none for a code that the demo does not know.
pub fn trouble(class_code: &str) -> Option<&'static Trouble> {
    troubles().iter().find(|t| t.class_code == class_code)
}

/// A trouble drawn by its share among those that suit a place and a month; none when nothing suits.
pub fn draw_trouble(place: LandmarkKind, month: i8, dice: &mut Dice) -> Option<&'static Trouble> {
    let fitting: Vec<&Trouble> =
        troubles().iter().filter(|t| t.suits(place) && t.happens_in(month)).collect();
    let total: usize = fitting.iter().map(|t| t.share as usize).sum();
    let mut left = dice.below(total);
    fitting.into_iter().find(|t| {
        let share = t.share as usize;
        let hit = left < share;
        left = left.saturating_sub(share);
        hit
    })
}

fn row(line: &'static str) -> Option<Trouble> {
    let columns: Vec<&'static str> = line.split('|').collect();
    let [class_code, name, share, theme, places, scene, short, plain, formal, fixed] = columns.as_slice()
    else {
        return None;
    };
    let list = |column: &'static str| column.split('/').collect::<Vec<_>>();
    Some(Trouble {
        class_code,
        name,
        share: share.parse().ok()?,
        theme: Theme::from_sign(theme)?,
        places: places.split(' ').map(place).collect::<Option<Vec<_>>>()?,
        scene: SCENES.into_iter().find(|kind| format!("{kind:?}") == *scene)?,
        short: list(short),
        plain: list(plain),
        formal: list(formal),
        fixed: list(fixed),
    })
}

fn place(word: &str) -> Option<LandmarkKind> {
    Some(match word {
        "市场" => LandmarkKind::Market,
        "学校" => LandmarkKind::School,
        "车站" => LandmarkKind::Station,
        "小区" => LandmarkKind::Residential,
        "街" => LandmarkKind::Street,
        "公园" => LandmarkKind::Park,
        "工地" => LandmarkKind::Construction,
        "公厕" => LandmarkKind::Toilet,
        "商铺" => LandmarkKind::Shops,
        "河岸" => LandmarkKind::Riverside,
        "停车场" => LandmarkKind::Parking,
        _unknown => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_row_can_be_read() {
        assert_eq!(troubles().len(), TABLE.lines().filter(|l| !l.starts_with('#')).count());
        for trouble in troubles() {
            for list in [&trouble.short, &trouble.plain, &trouble.formal, &trouble.fixed] {
                assert!(list.iter().all(|text| !text.is_empty()), "{}", trouble.class_code);
            }
            assert!(trouble.short.iter().all(|t| t.chars().count() <= 9), "{}", trouble.class_code);
        }
    }

    #[test]
    fn every_class_of_the_catalogue_has_a_row_with_its_name() {
        let catalogue = include_str!("../../../cases/data/classes.csv");
        let listed: BTreeSet<(&str, &str)> = catalogue
            .lines()
            .skip(1)
            .filter_map(|l| l.split_once(','))
            .map(|(c, rest)| (c, rest.split_once(',').map_or(rest, |r| r.0)))
            .collect();
        let known: BTreeSet<(&str, &str)> = troubles().iter().map(|t| (t.class_code, t.name)).collect();
        assert_eq!(known, listed);
    }

    #[test]
    fn draws_follow_place_and_share() {
        let mut dice = Dice::new(1);
        let draws: Vec<_> =
            (0..4_000).filter_map(|_| draw_trouble(LandmarkKind::Station, 10, &mut dice)).collect();
        assert_eq!(draws.len(), 4_000);
        assert!(draws.iter().all(|t| t.suits(LandmarkKind::Station)));
        let count = |code: &str| draws.iter().filter(|t| t.class_code == code).count();
        assert!(count("E0410") > 2 * count("E0401") && count("E0401") > count("P0204"));
    }

    #[test]
    fn every_scene_shows_some_trouble() {
        let shown: BTreeSet<SceneKind> = troubles().iter().map(|t| t.scene).collect();
        assert_eq!(shown.len(), SCENES.len());
    }
}
