//! Putting findings of single places together into the areas that people speak of.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kernel::area::{AreaKey, Level};

/// The smallest places of a city, and how many of them lie in each area.
///
/// A leaf is a village-level cell, or a wider area that has ground outside of all its cells: then its own key stands
/// for that bare ground.
#[derive(Debug)]
pub(super) struct Tree {
    leaves: BTreeSet<AreaKey>,
    totals: HashMap<AreaKey, usize>,
    /// Order of each village and cell among its siblings.
    order: HashMap<AreaKey, usize>,
}

/// Neighbouring areas of one level and parent, or the bare ground of one area.
pub(super) type Patch = (Vec<AreaKey>, bool);

const LEVELS: [Level; 4] = [Level::City, Level::Town, Level::Village, Level::Cell];

/// The area itself and all areas above it, widest first.
fn upwards(leaf: AreaKey) -> impl Iterator<Item = AreaKey> {
    LEVELS.into_iter().filter(move |level| *level <= leaf.level()).map(move |level| leaf.at(level))
}

impl Tree {
    pub(super) fn of(leaves: &[AreaKey]) -> Self {
        let leaves: BTreeSet<AreaKey> = leaves.iter().copied().collect();
        let totals = count(leaves.iter().copied());
        let mut siblings: BTreeMap<AreaKey, BTreeSet<AreaKey>> = BTreeMap::new();
        for leaf in &leaves {
            let path: Vec<AreaKey> = upwards(*leaf).collect();
            for pair in path.windows(2) {
                if let [parent, child] = pair {
                    siblings.entry(*parent).or_default().insert(*child);
                }
            }
        }
        let numbered = siblings.into_values().flat_map(|list| list.into_iter().enumerate());
        let order = numbered.map(|(at, area)| (area, at)).collect();
        Self { leaves, totals, order }
    }

    pub(super) fn leaves(&self) -> impl Iterator<Item = AreaKey> + '_ {
        self.leaves.iter().copied()
    }

    /// Names a set of leaves with as few areas as possible: whole towns and villages where all their leaves are held;
    /// neighbours of one village or town stand together.
    pub(super) fn patches(&self, held: impl IntoIterator<Item = AreaKey>) -> Vec<Patch> {
        let held: BTreeSet<AreaKey> = held.into_iter().collect();
        let counts = count(held.iter().copied());
        let whole = |area: &AreaKey| counts.get(area) == self.totals.get(area);
        let named = held.iter().map(|leaf| match upwards(*leaf).find(whole) {
            Some(area) => (area, false),
            None => (*leaf, true),
        });
        let mut patches: Vec<Patch> = Vec::new();
        for (area, bare) in named.collect::<BTreeSet<_>>() {
            match patches.last_mut() {
                Some((areas, false))
                    if !bare && areas.last().is_some_and(|last| self.adjoin(*last, area)) =>
                {
                    areas.push(area);
                }
                _ => patches.push((vec![area], bare)),
            }
        }
        patches
    }

    /// Do two areas follow each other in the same village (cells) or town (villages)? Towns are always named one by one.
    fn adjoin(&self, one: AreaKey, next: AreaKey) -> bool {
        let parent = match (one.level(), next.level()) {
            (Level::Cell, Level::Cell) => Level::Village,
            (Level::Village, Level::Village) => Level::Town,
            (Level::City | Level::Town | Level::Village | Level::Cell, _) => return false,
        };
        let order = |area: AreaKey| self.order.get(&area).copied().unwrap_or(usize::MAX - 1);
        one.at(parent) == next.at(parent) && order(one) + 1 == order(next)
    }
}

/// How many of these leaves lie in each area.
fn count(leaves: impl Iterator<Item = AreaKey>) -> HashMap<AreaKey, usize> {
    let mut counts = HashMap::new();
    for area in leaves.flat_map(upwards) {
        *counts.entry(area).or_insert(0) += 1;
    }
    counts
}

/// The narrowest area that holds all of these; `None` for no areas.
pub(super) fn common(areas: impl IntoIterator<Item = AreaKey>) -> Option<AreaKey> {
    areas.into_iter().reduce(|one, other| {
        let shared = upwards(one).zip(upwards(other)).take_while(|(a, b)| a == b).last();
        shared.map_or(one.at(Level::City), |(area, _)| area)
    })
}
