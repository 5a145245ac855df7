//! The page of holes and overlaps: of the responsibility list and of the grid, with names and places on the map.

use geo::MultiPolygon;
use kernel::area::AreaKey;
use kernel::class::ClassCode;
use kernel::id::UnitId;
use kernel::place::Point;
use kernel::time::{Date, Time};

use super::{City, RowRef};
use crate::model::ClassSelector;
use crate::places::{GridFinding, GridFindingKind, geometry_text, point_in};
use crate::responsibility::{Finding, FindingKind};

/// How many days ahead the list is judged: what will be bare next year is worth knowing, what is bare in ten is not.
const HORIZON_DAYS: i32 = 365;

/// One line of the page.
#[derive(Debug, Clone, PartialEq)]
pub struct CityFinding {
    /// `hole`, `overlap`, `grid_hole` or `grid_overlap`.
    pub kind: &'static str,
    /// What is wrong, in one line.
    pub title: String,
    /// The classes it is about; `None` for all, and for the grid.
    pub class: Option<ClassSelector>,
    /// Names of the classes.
    pub class_name: Option<String>,
    /// The area, if it is one.
    pub area: Option<AreaKey>,
    /// Name of the area or areas.
    pub area_name: String,
    /// When, in words; `None` for always.
    pub time_text: Option<String>,
    /// The rows that contest each other.
    pub rows: Vec<(RowRef, UnitId)>,
    /// The backstop of the (first) area: who answers where no row does.
    pub backstop: Option<UnitId>,
    /// Who answers there and then, as long as nothing is mended: of an overlap the unit of the first row, of a hole the
    /// backstops of its places. None for the grid: there it depends on the class.
    pub answering: Vec<UnitId>,
    /// A point to open on the map.
    pub point: Option<Point>,
    /// What to ask at that point so that the answer is the finding's: a class, and a moment where it is not always.
    pub ask: Option<(ClassCode, Option<Time>)>,
    /// The ground in question as a GeoJSON MultiPolygon.
    pub geometry: Option<String>,
}

/// Everything that is wrong with responsibility and grid.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CityFindings {
    /// How many holes, of both kinds.
    pub holes: usize,
    /// How many overlaps, of both kinds.
    pub overlaps: usize,
    /// All of them: list before grid, holes before overlaps.
    pub items: Vec<CityFinding>,
}

impl City {
    /// Every hole and overlap of list and grid, for the year from the snapshot's day on. Computed once per snapshot,
    /// in up to a second: call it where blocking is allowed.
    pub fn findings(&self) -> &CityFindings {
        self.findings.get_or_init(|| self.compute_findings())
    }

    fn compute_findings(&self) -> CityFindings {
        let grid = self.places.grid_findings();
        let mut leaves = self.leaves();
        // Ground outside of all cells has the key of its town or city; only where there is such ground it counts.
        let holes = grid.iter().filter(|finding| finding.kind == GridFindingKind::Hole);
        leaves.extend(holes.flat_map(|finding| finding.areas.iter().copied()));
        leaves.sort();
        leaves.dedup();
        let last: Date = self.as_of.checked_add(jiff::Span::new().days(HORIZON_DAYS)).unwrap_or(self.as_of);
        let list = self.matrix.findings(&leaves, &self.classes, self.as_of, last);
        let items: Vec<CityFinding> = list
            .iter()
            .map(|finding| self.of_list(finding, &grid))
            .chain(grid.iter().map(|finding| self.of_grid(finding)))
            .collect();
        let count = |kinds: [&str; 2]| items.iter().filter(|item| kinds.contains(&item.kind)).count();
        CityFindings {
            holes: count(["hole", "grid_hole"]),
            overlaps: count(["overlap", "grid_overlap"]),
            items,
        }
    }

    fn of_list(&self, finding: &Finding, grid: &[GridFinding]) -> CityFinding {
        let first = finding.areas.first().copied();
        let class_name = self.class_names(finding);
        let area_name = self.areas_name(&finding.areas, finding.bare);
        let when = finding.when.text();
        let rows: Vec<(RowRef, UnitId)> = finding
            .rows
            .iter()
            .filter_map(|id| self.matrix.row(*id))
            .map(|row| (RowRef { id: row.id, row_no: row.row_no }, row.unit))
            .collect();
        let at = when.as_ref().map_or_else(String::new, |when| format!(" · {when}"));
        let (kind, what) = match finding.kind {
            FindingKind::Hole => ("hole", "责任清单空缺，只有兜底单位".to_owned()),
            FindingKind::Overlap => {
                let numbers: Vec<String> = rows.iter().map(|(row, _)| row.row_no.to_string()).collect();
                ("overlap", format!("第{}行责任单位重叠", numbers.join("、")))
            }
        };
        let polygons = self.polygons_of(&finding.areas);
        let asked = self.question(finding, grid);
        CityFinding {
            kind,
            title: format!("{area_name} · {class_name}{at}：{what}"),
            class: finding.selector,
            class_name: Some(class_name),
            area: first.filter(|_| finding.areas.len() == 1),
            area_name,
            time_text: when,
            rows,
            backstop: first.and_then(|area| self.backstop_of(area)),
            answering: self.answering(finding),
            point: asked.map(|(point, ..)| point).or_else(|| {
                // Of several neighbours the first is opened: a middle of all may lie in none of them.
                let polygons = polygons.as_ref()?;
                first.and_then(|area| self.places.point_of(area)).or_else(|| point_in(polygons))
            }),
            ask: asked.map(|(_, class, at)| (class, at)),
            geometry: polygons.as_ref().map(geometry_text),
        }
    }

    /// When a finding of the list is so for the first time.
    fn moment(&self, finding: &Finding) -> Time {
        finding.when.first(self.as_of).unwrap_or_else(|| Time::start_of(self.as_of))
    }

    fn answering(&self, finding: &Finding) -> Vec<UnitId> {
        match finding.kind {
            FindingKind::Overlap => finding
                .rows
                .first()
                .and_then(|id| self.matrix.row(*id))
                .map(|row| row.unit)
                .into_iter()
                .collect(),
            FindingKind::Hole => {
                let on = self.moment(finding).date();
                let mut units: Vec<UnitId> = Vec::new();
                for leaf in self.leaves_of(finding) {
                    let unit = self.matrix.backstop_of(leaf, on).map(|(_, unit)| unit);
                    units.extend(unit.filter(|unit| !units.contains(unit)));
                }
                units
            }
        }
    }

    /// The smallest places of a finding; an area without any is its own.
    fn leaves_of(&self, finding: &Finding) -> Vec<AreaKey> {
        if finding.bare {
            return finding.areas.clone();
        }
        let held = |leaf: &AreaKey| finding.areas.iter().any(|area| area.range().holds(*leaf));
        let leaves: Vec<AreaKey> = self.leaves().into_iter().filter(held).collect();
        if leaves.is_empty() { finding.areas.clone() } else { leaves }
    }

    /// A point, a class and a moment for which the list answers as the finding says. Areas are named as wide as they
    /// are spoken of, so that a point in their middle may lie outside of what is meant: each is tried.
    fn question(&self, finding: &Finding, grid: &[GridFinding]) -> Option<(Point, ClassCode, Option<Time>)> {
        const TRIED: usize = 50;
        let class = *finding.classes.first()?;
        let at = self.moment(finding);
        let areas = finding.example.into_iter().chain(finding.areas.iter().copied());
        let areas = areas.chain(self.leaves_of(finding)).take(TRIED);
        let bare = grid.iter().filter(|hole| hole.kind == GridFindingKind::Hole);
        let bare = bare.filter(|_| finding.bare).filter_map(|hole| hole.point);
        let points = areas.filter_map(|area| self.places.point_of(area)).chain(bare);
        let so = |point: &Point| {
            self.resolve_point(*point, class, at).is_ok_and(|(_, answer)| match finding.kind {
                FindingKind::Hole => answer.backstop,
                FindingKind::Overlap => {
                    !answer.contested.is_empty()
                        && answer.row.map(|row| row.id) == finding.rows.first().copied()
                }
            })
        };
        let point = points.into_iter().find(so)?;
        Some((point, class, (!finding.when.is_always()).then_some(at)))
    }

    fn of_grid(&self, finding: &GridFinding) -> CityFinding {
        let size = if finding.area_m2 < 10_000.0 {
            format!("{:.0} 平方米", finding.area_m2)
        } else {
            format!("{:.2} 公顷", finding.area_m2 / 10_000.0)
        };
        let area_name = self.areas_name(&finding.areas, false);
        let (kind, what) = match finding.kind {
            GridFindingKind::Hole => ("grid_hole", "不属于任何村级网格"),
            GridFindingKind::Overlap => ("grid_overlap", "同时属于两个村级网格"),
        };
        let first = finding.areas.first().copied();
        CityFinding {
            kind,
            title: format!("{area_name}：{size}{what}"),
            class: None,
            class_name: None,
            area: first.filter(|_| finding.areas.len() == 1),
            area_name,
            time_text: None,
            rows: Vec::new(),
            backstop: first.and_then(|area| self.backstop_of(area)),
            answering: Vec::new(),
            point: finding.point,
            ask: None,
            geometry: Some(geometry_text(&finding.polygons)),
        }
    }

    fn polygons_of(&self, areas: &[AreaKey]) -> Option<MultiPolygon<f64>> {
        let parts: Vec<_> = areas.iter().filter_map(|area| self.places.polygons(*area)).flatten().collect();
        (!parts.is_empty()).then_some(MultiPolygon(parts))
    }

    fn areas_name(&self, areas: &[AreaKey], bare: bool) -> String {
        let suffix = if bare { "（网格以外的地方）" } else { "" };
        match areas {
            [] => self.title().to_owned(),
            [one] => format!("{}{suffix}", self.area_path(*one)),
            [first, .., last] if areas.len() > 3 => {
                format!("{} 至 {} 等{}处", self.area_path(*first), self.area_name(*last), areas.len())
            }
            several => several.iter().map(|area| self.area_path(*area)).collect::<Vec<_>>().join("、"),
        }
    }

    /// The classes of a finding: the name of the class or 大类, and how many where it is not all of the 大类.
    fn class_names(&self, finding: &Finding) -> String {
        let name = self.class_selector_name(finding.selector);
        let all =
            self.classes.iter().filter(|class| finding.selector.is_none_or(|s| s.covers(class.code))).count();
        let listed = finding.classes.len();
        if listed == all || listed <= 1 { name } else { format!("{name}等{listed}类") }
    }
}
