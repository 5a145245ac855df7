//! Every hole and overlap of the whole list, each named once.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use kernel::area::AreaKey;
use kernel::class::{ClassCode, GroupCode};
use kernel::id::MatrixRowId;
use kernel::time::{Date, Time};

use super::bits::Bits;
use super::merge::{Patch, Tree, common};
use super::sweep::{Timeline, sweep};
use super::{Matrix, When, selectors};
use crate::model::{ClassInfo, ClassSelector};

/// What is wrong with the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingKind {
    /// Nobody but the backstop answers.
    Hole,
    /// Rows of equal precedence name different units.
    Overlap,
}

/// A hole or an overlap: for these classes, there, then.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// What is wrong.
    pub kind: FindingKind,
    /// The class or 大类 that names the classes; `None` for all classes, or classes of several 大类.
    pub selector: Option<ClassSelector>,
    /// The classes (小类), all of them listed.
    pub classes: Vec<ClassCode>,
    /// Where: neighbouring villages or cells, one town, or the city.
    pub areas: Vec<AreaKey>,
    /// Only the ground of the area that lies in none of its cells.
    pub bare: bool,
    /// When.
    pub when: When,
    /// The rows that contest each other, by number; none for a hole.
    pub rows: Vec<MatrixRowId>,
    /// One of the smallest places of an overlap: its areas may be wider than it is. A hole fills its areas.
    pub example: Option<AreaKey>,
}

/// Holes by place and time, before classes are put together.
type Holes = BTreeMap<(Patch, Bits), Vec<usize>>;

/// An overlap before it is named: classes, stretches of area, segments.
type Overlap = (BTreeSet<usize>, BTreeSet<usize>, Bits);

impl Matrix {
    /// Lists every hole and overlap over all of the list.
    ///
    /// `leaves`: the smallest places ([`Tree`]); `classes`: the catalogue; `first..=last`: the days that count.
    ///
    /// Equal things are judged once: classes that the rows do not tell apart, places on which the same rows lie, and
    /// moments between which no row begins or ends. A hole that a single missing row leaves is one finding: it is
    /// named by the widest area that it fills, its neighbours are joined to it, and the classes of one 大类 stand
    /// together. An overlap is one finding for each set of rows that contest each other.
    pub fn findings(
        &self,
        leaves: &[AreaKey],
        classes: &[ClassInfo],
        first: Date,
        last: Date,
    ) -> Vec<Finding> {
        let day = |date: Date| i32::try_from(Time::start_of(date).day_number()).unwrap_or(i32::MAX - 1);
        let timeline = Timeline::of(self, day(first), day(last).max(day(first)));
        let (all, rows) = (timeline.all(), timeline.rows(self));
        let tree = Tree::of(leaves);
        let ground = self.ground(&tree);
        let mut holes = Holes::new();
        let mut overlaps: BTreeMap<Vec<u32>, Overlap> = BTreeMap::new();
        for alike in self.alike(classes) {
            let Some(class) = alike.first().and_then(|at| classes.get(*at)) else { continue };
            let mut bare: Vec<(usize, Bits)> = Vec::new();
            for (place, (atom, _)) in ground.iter().enumerate() {
                let swept = sweep(self, &rows, &all, *atom, class.code);
                for (rivals, when) in swept.overlaps {
                    let none = || (BTreeSet::new(), BTreeSet::new(), Bits::none(timeline.len()));
                    let overlap = overlaps.entry(rivals).or_insert_with(none);
                    overlap.0.extend(&alike);
                    overlap.1.insert(place);
                    overlap.2.add(&when);
                }
                if !swept.holes.is_empty() {
                    bare.push((place, swept.holes));
                }
            }
            let mut patches: BTreeMap<Patch, Bits> = BTreeMap::new();
            for (places, when) in by_place(&bare, timeline.len()) {
                let held =
                    places.iter().filter_map(|place| ground.get(*place)).flat_map(|(_, leaves)| leaves);
                for patch in tree.patches(held.copied()) {
                    patches.entry(patch).or_insert_with(|| Bits::none(timeline.len())).add(&when);
                }
            }
            for hole in patches {
                holes.entry(hole).or_default().extend(&alike);
            }
        }
        let when = |bits: &Bits| When::of(&timeline, &all, bits);
        let mut findings = name_holes(&holes, classes, when);
        findings.extend(overlaps.iter().map(|(rivals, overlap)| {
            let held: Vec<AreaKey> = overlap
                .1
                .iter()
                .filter_map(|place| ground.get(*place))
                .flat_map(|(_, l)| l)
                .copied()
                .collect();
            self.name_overlap(rivals, overlap, classes, &tree, &held, when(&overlap.2))
        }));
        findings.sort();
        findings
    }

    /// The stretches of keys that rows tell apart, with their leaves: one entry for all stretches under the same rows.
    fn ground(&self, tree: &Tree) -> Vec<(usize, Vec<AreaKey>)> {
        let mut ground: BTreeMap<&[u32], (usize, Vec<AreaKey>)> = BTreeMap::new();
        for leaf in tree.leaves() {
            let atom = self.atom(leaf);
            let groups = self.atom_groups.get(atom).map_or(&[][..], Vec::as_slice);
            ground.entry(groups).or_insert_with(|| (atom, Vec::new())).1.push(leaf);
        }
        ground.into_values().collect()
    }

    /// Classes in sets that no row tells apart.
    fn alike(&self, classes: &[ClassInfo]) -> Vec<Vec<usize>> {
        let named: HashSet<i64> =
            self.groups.iter().flat_map(|group| group.classes.keys().copied()).collect();
        let mut alike: BTreeMap<Vec<i64>, Vec<usize>> = BTreeMap::new();
        for (at, class) in classes.iter().enumerate() {
            let known = selectors(class.code).into_iter().filter(|selector| named.contains(selector));
            alike.entry(known.collect()).or_default().push(at);
        }
        alike.into_values().collect()
    }

    fn name_overlap(
        &self,
        rivals: &[u32],
        overlap: &Overlap,
        classes: &[ClassInfo],
        tree: &Tree,
        held: &[AreaKey],
        when: When,
    ) -> Finding {
        let infos: Vec<&ClassInfo> = overlap.0.iter().filter_map(|at| classes.get(*at)).collect();
        let patches = tree.patches(held.iter().copied());
        let (areas, bare) = match patches.as_slice() {
            [one] => one.clone(),
            _ => (common(held.iter().copied()).into_iter().collect(), false),
        };
        let rows = rivals.iter().filter_map(|at| self.rows.get(*at as usize)).map(|row| row.id).collect();
        let mut codes: Vec<ClassCode> = infos.iter().map(|class| class.code).collect();
        codes.sort_unstable();
        Finding {
            kind: FindingKind::Overlap,
            selector: selector(&infos),
            classes: codes,
            areas,
            bare,
            when,
            rows,
            example: held.first().copied(),
        }
    }
}

/// Puts places together that are bare at the same time. Where places differ, each segment is taken alone, so that a
/// weekend that is bare everywhere and a village that is bare on Mondays too remain two things.
fn by_place(bare: &[(usize, Bits)], len: usize) -> Vec<(Vec<usize>, Bits)> {
    let Some((_, first)) = bare.first() else { return Vec::new() };
    if bare.iter().all(|(_, bits)| bits == first) {
        return vec![(bare.iter().map(|(place, _)| *place).collect(), first.clone())];
    }
    let mut by_places: HashMap<Vec<usize>, Bits> = HashMap::new();
    for segment in 0..len {
        let places: Vec<usize> =
            bare.iter().filter(|(_, bits)| bits.has(segment)).map(|(place, _)| *place).collect();
        if !places.is_empty() {
            by_places.entry(places).or_insert_with(|| Bits::none(len)).insert(segment);
        }
    }
    by_places.into_iter().collect()
}

/// One finding for each place, time and 大类, and a single one where every 大类 is whole.
fn name_holes(holes: &Holes, classes: &[ClassInfo], when: impl Fn(&Bits) -> When) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (((areas, bare), bits), members) in holes {
        let mut groups: BTreeMap<GroupCode, Vec<&ClassInfo>> = BTreeMap::new();
        for class in members.iter().filter_map(|at| classes.get(*at)) {
            groups.entry(class.code.group()).or_default().push(class);
        }
        let everything = members.len() == classes.len();
        let sets: Vec<Vec<&ClassInfo>> = if everything {
            vec![groups.into_values().flatten().collect()]
        } else {
            groups.into_values().collect()
        };
        findings.extend(sets.into_iter().map(|infos| {
            let mut codes: Vec<ClassCode> = infos.iter().map(|class| class.code).collect();
            codes.sort_unstable();
            Finding {
                kind: FindingKind::Hole,
                selector: selector(&infos),
                classes: codes,
                areas: areas.clone(),
                bare: *bare,
                when: when(bits),
                rows: Vec::new(),
                example: None,
            }
        }));
    }
    findings
}

/// The class, or the 大类 of several; `None` when they belong to different ones.
fn selector(classes: &[&ClassInfo]) -> Option<ClassSelector> {
    match classes {
        [] => None,
        [one] => Some(ClassSelector::Class(one.code)),
        [first, rest @ ..] => {
            let group = first.code.group();
            rest.iter().all(|class| class.code.group() == group).then_some(ClassSelector::Group(group))
        }
    }
}
