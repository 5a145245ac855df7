//! Who is accountable, and why.

use kernel::area::{AreaKey, Level};
use kernel::class::ClassCode;
use kernel::id::{MatrixRowId, UnitId};
use kernel::place::Point;
use kernel::time::Time;

use super::City;
use crate::errors::OrgError;
use crate::model::MatrixRow;
use crate::places::Located;
use crate::responsibility::Found;

/// A row of the responsibility list by id and number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowRef {
    /// Its id.
    pub id: MatrixRowId,
    /// Its number.
    pub row_no: u32,
}

/// The one accountable unit for a class, a place and a moment, with the reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// 责任单位.
    pub unit: UnitId,
    /// The row that says so; `None` when the backstop answers.
    pub row: Option<RowRef>,
    /// 协办单位.
    pub helpers: Vec<UnitId>,
    /// Does the backstop (兜底) answer, because no row does?
    pub backstop: bool,
    /// Rows of equal precedence that name another unit: an overlap that somebody should mend.
    pub contested: Vec<RowRef>,
    /// How the unit was found, in plain Chinese, one step each.
    pub steps: Vec<String>,
}

impl City {
    /// Who is accountable for `class` in `area` at the moment `at`. Always exactly one unit; `area` may be a cell or
    /// anything wider, as [`Located::area`] gives it.
    ///
    /// # Errors
    /// [`OrgError::NoBackstop`] when no row answers and the city has no backstop: it is not set up yet.
    pub fn resolve(&self, area: AreaKey, class: ClassCode, at: Time) -> Result<Answer, OrgError> {
        let found = self.matrix.find(class, area, at).ok_or(OrgError::NoBackstop)?;
        let contested = found.contested.iter().filter_map(|id| self.row_ref(*id)).collect();
        Ok(Answer {
            unit: found.unit,
            row: found.row.map(|row| RowRef { id: row.id, row_no: row.row_no }),
            helpers: found.row.map_or_else(Vec::new, |row| self.helpers(row, at)),
            backstop: found.row.is_none(),
            steps: self.steps(area, class, &found),
            contested,
        })
    }

    /// [`Self::resolve`] for a point, together with where it lies.
    ///
    /// # Errors
    /// [`OrgError::OutsideCity`], [`OrgError::NoBackstop`].
    pub fn resolve_point(
        &self,
        point: Point,
        class: ClassCode,
        at: Time,
    ) -> Result<(Located, Answer), OrgError> {
        let located = self.locate(point);
        if located.outside {
            return Err(OrgError::OutsideCity);
        }
        Ok((located, self.resolve(located.area, class, at)?))
    }

    /// The helpers of a row that exist at a moment.
    fn helpers(&self, row: &MatrixRow, at: Time) -> Vec<UnitId> {
        let exists = |unit: &UnitId| self.unit(*unit).is_some_and(|unit| unit.valid.holds(at.date()));
        row.helpers.iter().copied().filter(exists).collect()
    }

    fn row_ref(&self, id: MatrixRowId) -> Option<RowRef> {
        self.matrix.row(id).map(|row| RowRef { id, row_no: row.row_no })
    }

    fn steps(&self, area: AreaKey, class: ClassCode, found: &Found<'_>) -> Vec<String> {
        let outside_grid =
            if area.level() < Level::Village { "（不在任何村级网格内）" } else { "" };
        let mut steps = vec![
            format!("位置：{}{outside_grid}", self.area_path(area)),
            format!("问题类型：{} {}", class, self.class_name(class)),
        ];
        match (found.row, found.backstop_of) {
            (Some(row), _) => steps.push(format!("责任清单 {}", self.row_text(row))),
            (None, Some(of)) => steps.push(format!(
                "责任清单没有对应的行，由{}的兜底单位{}承办",
                self.area_name(of),
                self.unit_name(found.unit)
            )),
            (None, None) => {}
        }
        for rival in found.contested.iter().filter_map(|id| self.matrix.row(*id)) {
            let unit = self.unit_name(rival.unit);
            steps.push(format!("第{}行同等优先但责任单位为{unit}，按行号取靠前的一行", rival.row_no));
        }
        steps
    }
}
