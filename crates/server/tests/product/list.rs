//! The responsibility list read with the finger: every row that holds is looked at, and the first by the order of
//! precedence of domain.md §12 answers. It shares nothing with the code that the product uses.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use crate::api::Api;

/// A unit by id and short name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    pub id: String,
    pub name: String,
}

#[derive(Debug)]
struct Row {
    no: u64,
    /// `E0110`, `E01` or nothing.
    class: String,
    /// Digits; what lies under an area begins with its digits.
    area: String,
    owner: bool,
    /// Minutes of the day from and to; a window over midnight has `to` before `from`.
    window: Option<(u32, u32)>,
    unit: Unit,
}

/// The list, and who stands behind it.
#[derive(Debug)]
pub struct List {
    rows: Vec<Row>,
    /// 兜底, by the code of the town or the city.
    backstops: BTreeMap<String, Unit>,
    /// Rows that may speak of a class, so that nobody reads the whole list a hundred thousand times.
    speaking: HashMap<String, Vec<usize>>,
}

impl List {
    /// Reads the list as a page shows it.
    pub async fn read(api: &Api) -> Self {
        let rows: Vec<Row> = api.all("/api/v1/org/matrix").await.iter().map(Row::read).collect();
        assert!(rows.len() > 150, "{}", rows.len());
        let mut backstops = BTreeMap::new();
        for level in ["city", "town"] {
            for cell in api.all(&format!("/api/v1/org/cells?level={level}")).await {
                let cell = api.get(&format!("/api/v1/org/cells/{}", cell["id"].as_str().unwrap())).await;
                backstops.insert(text(&cell["code"]), unit(&cell["backstop_unit"]));
            }
        }
        assert_eq!(backstops.len(), 18, "the city and its towns");
        Self { rows, backstops, speaking: HashMap::new() }
    }

    /// Who is accountable for a class in an area (6, 9, 12 or 16 digits) at a minute of the day.
    pub fn accountable(&mut self, class: &str, area: &str, minute: u32) -> Unit {
        let speaking = self.speaking.entry(class.to_owned()).or_insert_with(|| {
            let rows = self.rows.iter().enumerate();
            rows.filter(|(_, row)| class.starts_with(&row.class)).map(|(index, _)| index).collect()
        });
        let holding = speaking.iter().map(|index| &self.rows[*index]);
        let holding = holding.filter(|row| area.starts_with(&row.area) && row.holds(minute));
        let first = holding.min_by_key(|row| row.precedence());
        match first {
            Some(row) => row.unit.clone(),
            // 兜底: of the nearest area above that has one.
            None => {
                let above = self.backstops.iter().filter(|(code, _)| area.starts_with(code.as_str()));
                above.max_by_key(|(code, _)| code.len()).expect("the city has a backstop").1.clone()
            }
        }
    }
}

impl Row {
    fn read(row: &Value) -> Self {
        Self {
            no: row["row_no"].as_u64().expect("a number"),
            class: text(&row["class_code"]),
            area: text(&row["area_code"]),
            owner: !row["owner_kind"].is_null(),
            window: row["time_text"].as_str().map(window),
            unit: unit(&row["unit"]),
        }
    }

    fn holds(&self, minute: u32) -> bool {
        match self.window {
            None => true,
            Some((from, to)) if from < to => (from..to).contains(&minute),
            Some((from, to)) => minute >= from || minute < to,
        }
    }

    /// Narrower area, narrower class, an owner, the shorter window, the lower number.
    fn precedence(&self) -> impl Ord {
        let minutes = self.window.map_or(1_440, |(from, to)| (to + 1_440 - from) % 1_440);
        let (area, class) = (self.area.len(), self.class.len());
        (std::cmp::Reverse(area), std::cmp::Reverse(class), !self.owner, minutes, self.no)
    }
}

/// `每天 22:00–次日06:00`.
fn window(text: &str) -> (u32, u32) {
    let hours =
        text.strip_prefix("每天 ").unwrap_or_else(|| panic!("a window that this test cannot read: {text}"));
    let (from, to) = hours.split_once('–').expect("from and to");
    let minutes = |clock: &str| -> u32 {
        let (hour, minute) = clock.trim_start_matches("次日").split_once(':').expect("a clock");
        hour.parse::<u32>().unwrap() * 60 + minute.parse::<u32>().unwrap()
    };
    (minutes(from), minutes(to))
}

fn unit(value: &Value) -> Unit {
    Unit { id: text(&value["id"]), name: text(&value["name"]) }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("a text: {value}")).to_owned()
}
