//! What fits a moment: nobody complains of mosquitoes in November, and nobody speaks of a photo that is not there.

use std::sync::OnceLock;

use kernel::time::Time;

use crate::dice::Dice;

const SEASONS: &str = include_str!("../../data/seasons.txt");
/// Words that promise a picture.
const PICTURES: [&str; 4] = ["照片", "拍", "前图", "附图"];

/// When something is said, and whether there is a picture to speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occasion {
    /// The month, 1 to 12.
    pub month: i8,
    /// Does the case have a photo that a text may speak of?
    pub photo: bool,
}

/// A word and the months in which it is said.
struct Season {
    word: &'static str,
    from: i8,
    to: i8,
}

fn seasons() -> &'static [Season] {
    static SEASONS_READ: OnceLock<Vec<Season>> = OnceLock::new();
    SEASONS_READ
        .get_or_init(|| SEASONS.lines().filter(|line| !line.starts_with('#')).filter_map(season).collect())
}

fn season(line: &'static str) -> Option<Season> {
    let (word, months) = line.split_once('|')?;
    let (from, to) = months.split_once('-')?;
    Some(Season { word, from: from.parse().ok()?, to: to.parse().ok()? })
}

impl Occasion {
    /// A moment of a case with or without photos.
    pub fn at(at: Time, photo: bool) -> Self {
        Self { month: at.date().month(), photo }
    }

    /// May this be said now?
    pub fn allows(self, text: &str) -> bool {
        let promised = PICTURES.iter().any(|word| text.contains(word));
        (self.photo || !promised) && in_season(text, self.month)
    }

    /// One of the texts that may be said now; any of them where none may, which a test excludes.
    pub(crate) fn pick(self, texts: &[&'static str], dice: &mut Dice) -> &'static str {
        let fitting: Vec<&'static str> = texts.iter().copied().filter(|text| self.allows(text)).collect();
        if fitting.is_empty() { dice.pick(texts) } else { dice.pick(&fitting) }
    }
}

/// Is none of its words out of season in this month?
pub fn in_season(text: &str, month: i8) -> bool {
    seasons().iter().filter(|season| text.contains(season.word)).all(|season| {
        if season.from <= season.to {
            (season.from..=season.to).contains(&month)
        } else {
            month >= season.from || month <= season.to
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_can_be_read_and_seasons_go_over_the_new_year() {
        assert_eq!(seasons().len(), SEASONS.lines().filter(|line| !line.starts_with('#')).count());
        for (text, month, fits) in [
            ("蚊子都来了", 11, false),
            ("蚊子都来了", 7, true),
            ("桥上结冰", 12, true),
            ("桥上结冰", 2, true),
            ("桥上结冰", 3, false),
            ("夏天招苍蝇", 5, false),
            ("送孩子上学路过", 8, false),
            ("垃圾没人清", 8, true),
        ] {
            assert_eq!(in_season(text, month), fits, "{text} in month {month}");
        }
    }

    #[test]
    fn a_photo_is_promised_only_where_there_is_one() {
        let without = Occasion { month: 6, photo: false };
        assert!(!without.allows("照片拍了，自己看") && !without.allows("对照前图核查"));
        assert!(Occasion { photo: true, ..without }.allows("照片拍了，自己看"));
    }
}
