//! Names for people: of units, areas, classes, rows.

use kernel::area::{AreaKey, Level};
use kernel::class::ClassCode;
use kernel::id::UnitId;

use super::City;
use crate::model::{AreaSelector, ClassSelector, MatrixRow};
use crate::responsibility::window_text;

impl City {
    /// The short name of a unit, also of one that no longer stands; empty for an id that never stood.
    pub fn unit_name(&self, id: UnitId) -> &str {
        let standing = self.units.get(&id).map(|unit| unit.short_name.as_str());
        standing.or_else(|| self.past_names.get(&id).map(String::as_str)).unwrap_or_default()
    }

    /// The name of a place or cell; its code where it has none.
    pub fn area_name(&self, area: AreaKey) -> String {
        let cell = || self.cell_at(area).map(|cell| cell.name.clone());
        let place = self.tree.get(&area).map(|place| place.name.clone());
        place.or_else(cell).unwrap_or_else(|| area.code())
    }

    /// Town, village and cell of an area in one line, as a letter would say where it is: `周庄镇 · 三房巷村 · 第3网格`.
    pub fn area_path(&self, area: AreaKey) -> String {
        let levels = [Level::Town, Level::Village, Level::Cell];
        let parts = levels.into_iter().filter(|level| *level <= area.level()).map(|level| area.at(level));
        let named: Vec<String> = parts.map(|part| self.area_name(part)).collect();
        if named.is_empty() { self.area_name(area) } else { named.join(" · ") }
    }

    /// The name of the town in which an area lies; the city's name for wider areas.
    pub fn town_name(&self, area: AreaKey) -> String {
        self.area_name(area.at(Level::Town))
    }

    /// The name of the village (村社区) in which an area lies; none for wider areas, and where no village of its code stands.
    pub fn village_name(&self, area: AreaKey) -> Option<&str> {
        let village = Some(area.at(Level::Village)).filter(|key| key.level() == Level::Village)?;
        self.tree.get(&village).map(|place| place.name.as_str())
    }

    /// The name of an official area or of a functional one.
    pub fn selector_name(&self, area: AreaSelector) -> String {
        match area {
            AreaSelector::Area(key) => self.area_name(key),
            AreaSelector::Zone(id) => {
                self.zones.get(&id).map_or_else(|| id.to_string(), |zone| zone.name.clone())
            }
        }
    }

    /// The code of an official area or of a functional one, as lists write it.
    pub fn selector_code(&self, area: AreaSelector) -> String {
        match area {
            AreaSelector::Area(key) => key.code(),
            AreaSelector::Zone(id) => {
                self.zones.get(&id).map_or_else(|| id.to_string(), |zone| zone.code.clone())
            }
        }
    }

    /// The name of a class, a 大类, or of all classes; the code where the catalogue does not know it.
    pub fn class_selector_name(&self, selector: Option<ClassSelector>) -> String {
        match selector {
            None => "全部问题类型".to_owned(),
            Some(ClassSelector::Class(code)) => self.class_name(code),
            Some(ClassSelector::Group(group)) => {
                let known = self.classes.iter().find(|class| class.code.group() == group);
                known.map_or_else(|| group.to_string(), |class| class.group_name.clone())
            }
        }
    }

    /// The name of a class; its code where the catalogue does not know it.
    pub fn class_name(&self, code: ClassCode) -> String {
        let known = self.classes.iter().find(|class| class.code == code);
        known.map_or_else(|| code.to_string(), |class| class.name.clone())
    }

    /// The name of the city, for example 江阴市.
    pub fn title(&self) -> &str {
        let place = || self.tree.get(&self.key).map(|place| place.name.as_str());
        self.profile.as_ref().map(|profile| profile.name.as_str()).or_else(place).unwrap_or("未命名城市")
    }

    /// The title over every page.
    pub fn system_title(&self) -> &str {
        self.profile
            .as_ref()
            .map_or("有据 · 文明城市创建平台", |profile| profile.system_title.as_str())
    }

    /// What the numbers of its cases begin with.
    pub fn number_prefix(&self) -> &str {
        self.profile.as_ref().map_or("", |profile| profile.number_prefix.as_str())
    }

    /// A row of the responsibility list in one line: what, where, when → who.
    pub fn row_text(&self, row: &MatrixRow) -> String {
        let owner = row.owner.map(|kind| format!("{}单位", kind.name()));
        let when = window_text(row.window, row.valid);
        let what = Some(self.class_selector_name(row.class));
        let parts = [what, Some(self.selector_name(row.area)), owner, when];
        let condition = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
        format!("第{}行：{condition} → {}", row.row_no, self.unit_name(row.unit))
    }
}
