//! Faces with shared borders: knitting, absorbing and dissolving on the integer grid.
//!
//! Regions come out of floating-point geometry one by one, so two neighbours disagree about their common border:
//! by a rounding step at the corners, and by a whole corner where a third cell touches one side only. After
//! [`knit`] all faces name the same points in the same order on both sides of every border. From then on a
//! village is the union of its cells, a town of its villages and the city of its towns by cancelling edges that
//! run both ways ([`dissolve`]): exact, no slivers, and sums agree.

use super::plane::Node;
use std::collections::BTreeMap;

/// A closed ring of grid points without the closing repeat; faces run counter-clockwise.
pub(crate) type Ring = Vec<Node>;

/// Grid points at most this far apart (in 10⁻⁷ degrees, about 1 cm) become one.
const WELD_STEPS: i64 = 3;
/// A point at most this far from an edge is put on it. Wider than welding, since welding moves points.
const TOUCH_STEPS: f64 = 6.0;

/// Twice the signed area of a ring in grid steps; positive when counter-clockwise.
pub(crate) fn doubled_area(ring: &[Node]) -> i128 {
    // Relative to the first point the products stay small.
    let Some(&(ox, oy)) = ring.first() else { return 0 };
    edges(ring)
        .map(|((ax, ay), (bx, by))| {
            i128::from(ax - ox) * i128::from(by - oy) - i128::from(bx - ox) * i128::from(ay - oy)
        })
        .sum()
}

/// The directed edges of a ring.
pub(crate) fn edges(ring: &[Node]) -> impl Iterator<Item = (Node, Node)> + '_ {
    ring.iter().copied().zip(ring.iter().copied().cycle().skip(1))
}

/// Makes neighbours name the same points along their common borders.
pub(crate) fn knit(faces: &[Ring]) -> Vec<Ring> {
    let welded = weld_map(faces);
    let canonical = |node: &Node| welded.get(node).copied().unwrap_or(*node);
    let welded_faces: Vec<Ring> =
        faces.iter().map(|ring| tidy(ring.iter().map(canonical).collect())).collect();
    let mut nodes: Vec<Node> = welded_faces.iter().flatten().copied().collect();
    nodes.sort_unstable();
    nodes.dedup();
    welded_faces.iter().map(|ring| tidy(with_touching(ring, &nodes))).collect()
}

/// For each point that moves, the point it is welded to.
fn weld_map(faces: &[Ring]) -> BTreeMap<Node, Node> {
    let mut nodes: Vec<Node> = faces.iter().flatten().copied().collect();
    nodes.sort_unstable();
    nodes.dedup();
    let mut kept: Vec<Node> = Vec::with_capacity(nodes.len());
    let mut moved = BTreeMap::new();
    for node in nodes {
        let near = kept
            .iter()
            .rev()
            .take_while(|k| node.0 - k.0 <= WELD_STEPS)
            .find(|k| (node.1 - k.1).abs() <= WELD_STEPS)
            .copied();
        match near {
            Some(target) => {
                moved.insert(node, target);
            }
            None => kept.push(node),
        }
    }
    moved
}

/// A ring with every point of `nodes` (sorted) that lies on one of its edges put into that edge.
fn with_touching(ring: &[Node], nodes: &[Node]) -> Ring {
    let mut result = Vec::with_capacity(ring.len() + 4);
    for (from, to) in edges(ring) {
        result.push(from);
        let low = from.0.min(to.0) - TOUCH_STEPS as i64;
        let high = from.0.max(to.0) + TOUCH_STEPS as i64;
        let start = nodes.partition_point(|n| n.0 < low);
        let mut touching: Vec<(f64, Node)> = nodes
            .iter()
            .skip(start)
            .take_while(|n| n.0 <= high)
            .filter(|&&n| n != from && n != to)
            .filter_map(|&n| along(from, to, n).map(|t| (t, n)))
            .collect();
        touching.sort_by(|a, b| a.0.total_cmp(&b.0));
        result.extend(touching.into_iter().map(|(_, n)| n));
    }
    result
}

/// Where on the edge a point lies (0 at `from`, 1 at `to`), when it is near enough to be on it.
fn along(from: Node, to: Node, node: Node) -> Option<f64> {
    let (dx, dy) = ((to.0 - from.0) as f64, (to.1 - from.1) as f64);
    let (px, py) = ((node.0 - from.0) as f64, (node.1 - from.1) as f64);
    let squared_length = dx * dx + dy * dy;
    let t = (px * dx + py * dy) / squared_length;
    let off = (px * dy - py * dx).abs() / squared_length.sqrt();
    (t > 0.0 && t < 1.0 && off <= TOUCH_STEPS).then_some(t)
}

/// Drops repeats and there-and-back spikes; turns the ring counter-clockwise.
fn tidy(mut ring: Ring) -> Ring {
    loop {
        let before = ring.len();
        ring.dedup();
        while ring.len() > 1 && ring.first() == ring.last() {
            ring.pop();
        }
        let count = ring.len();
        if let Some(spike) =
            (0..count).find(|&i| count > 2 && ring[(i + count - 1) % count] == ring[(i + 1) % count])
        {
            ring.remove(spike);
        }
        if ring.len() == before {
            break;
        }
    }
    if doubled_area(&ring) < 0 {
        ring.reverse();
    }
    ring
}

/// Gives every stray part to a neighbour: of the connected parts of one owner only the largest stays his.
///
/// `owners[i]` is the owner of knitted face `i`; a stray part goes to the owner of the longest border with a part
/// that stays.
pub(crate) fn absorb_strays(faces: &[Ring], owners: &mut [usize]) {
    let by_edge: BTreeMap<(Node, Node), usize> =
        faces.iter().enumerate().flat_map(|(i, ring)| edges(ring).map(move |e| (e, i))).collect();
    let parts = connected_parts(faces, owners, &by_edge);
    let mut areas: BTreeMap<usize, i128> = BTreeMap::new();
    for (face, ring) in faces.iter().enumerate() {
        *areas.entry(parts[face]).or_default() += doubled_area(ring);
    }
    let mut largest: BTreeMap<usize, usize> = BTreeMap::new();
    for (face, part) in parts.iter().enumerate() {
        let main = largest.entry(owners[face]).or_insert(*part);
        if areas[part] > areas[main] {
            *main = *part;
        }
    }
    let is_stray = |face: usize| largest.get(&owners[face]) != Some(&parts[face]);
    let mut shared: BTreeMap<usize, BTreeMap<usize, f64>> = BTreeMap::new();
    for (&(a, b), &face) in by_edge.iter().filter(|(_, face)| is_stray(**face)) {
        if let Some(&neighbour) = by_edge.get(&(b, a)).filter(|n| !is_stray(**n)) {
            let (dx, dy) = ((b.0 - a.0) as f64, (b.1 - a.1) as f64);
            let borders = shared.entry(parts[face]).or_default();
            *borders.entry(owners[neighbour]).or_default() += (dx * dx + dy * dy).sqrt();
        }
    }
    for (part, borders) in shared {
        let Some((&owner, _)) = borders.iter().max_by(|a, b| a.1.total_cmp(b.1)) else { continue };
        for face in (0..faces.len()).filter(|&f| parts[f] == part) {
            owners[face] = owner;
        }
    }
}

/// For each face the lowest face that it hangs together with by edges of the same owner.
fn connected_parts(faces: &[Ring], owners: &[usize], by_edge: &BTreeMap<(Node, Node), usize>) -> Vec<usize> {
    let mut parts = vec![usize::MAX; faces.len()];
    for first in 0..faces.len() {
        let mut open = vec![first];
        while let Some(face) = open.pop() {
            if parts[face] != usize::MAX {
                continue;
            }
            parts[face] = first;
            let neighbours = edges(&faces[face]).filter_map(|(a, b)| by_edge.get(&(b, a)).copied());
            open.extend(neighbours.filter(|&n| owners[n] == owners[face] && parts[n] == usize::MAX));
        }
    }
    parts
}

/// The outline of some knitted faces together: the largest ring first, holes (clockwise) after it.
pub(crate) fn dissolve<'a>(faces: impl Iterator<Item = &'a Ring>) -> Vec<Ring> {
    let mut outgoing: BTreeMap<Node, Vec<Node>> = BTreeMap::new();
    for (a, b) in faces.flat_map(|ring| edges(ring)) {
        let reverse =
            outgoing.get_mut(&b).and_then(|ends| ends.iter().position(|&e| e == a).map(|i| ends.remove(i)));
        if reverse.is_none() {
            outgoing.entry(a).or_default().push(b);
        }
    }
    let mut rings = Vec::new();
    while let Some(ring) = take_ring(&mut outgoing) {
        rings.push(ring);
    }
    rings.sort_by_key(|ring| std::cmp::Reverse(doubled_area(ring).abs()));
    rings
}

/// Takes one closed ring out of the edges that are left.
fn take_ring(outgoing: &mut BTreeMap<Node, Vec<Node>>) -> Option<Ring> {
    outgoing.retain(|_, ends| !ends.is_empty());
    let (&start, _) = outgoing.first_key_value()?;
    let mut ring = vec![start];
    let (mut previous, mut here) = (None, start);
    while let Some(next) = outgoing.get_mut(&here).and_then(|ends| sharpest_left(previous, here, ends)) {
        if next == start {
            break;
        }
        ring.push(next);
        previous = Some(here);
        here = next;
    }
    Some(ring)
}

/// Of several ways on (two faces touching in one point) the one that stays on the same face.
fn sharpest_left(previous: Option<Node>, here: Node, ends: &mut Vec<Node>) -> Option<Node> {
    let back = previous.map_or(0.0, |p| angle(here, p));
    let turn = |end: &Node| (back - angle(here, *end)).rem_euclid(std::f64::consts::TAU);
    let index = (0..ends.len()).min_by(|&a, &b| turn(&ends[a]).total_cmp(&turn(&ends[b])))?;
    Some(ends.swap_remove(index))
}

fn angle(from: Node, to: Node) -> f64 {
    ((to.1 - from.1) as f64).atan2((to.0 - from.0) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two squares beside one long rectangle: the rectangle does not know the corner between them, and the squares
    /// disagree with it by a step.
    fn untidy() -> Vec<Ring> {
        vec![
            vec![(0, 0), (1000, 0), (1000, 1000), (0, 1000)],
            vec![(1000, 1), (2000, 0), (2000, 1000), (1001, 1000)],
            vec![(0, 1001), (2001, 1000), (2000, 2000), (0, 2000)],
        ]
    }

    #[test]
    fn knitted_faces_share_every_inner_edge() {
        let faces = knit(&untidy());
        let all: Vec<(Node, Node)> = faces.iter().flat_map(|f| edges(f).collect::<Vec<_>>()).collect();
        let outer = all.iter().filter(|(a, b)| !all.contains(&(*b, *a))).count();
        let union = dissolve(faces.iter());
        assert_eq!(union.len(), 1);
        assert_eq!(outer, union[0].len());
        let sum: i128 = faces.iter().map(|f| doubled_area(f)).sum();
        assert_eq!(doubled_area(&union[0]), sum);
    }

    #[test]
    fn a_stray_goes_to_the_neighbour_with_the_longest_border() {
        // Owner 0 has two faces on the left and a stray at the right end, next to owner 1.
        let strip = |from: i64, to: i64| vec![(from, 0), (to, 0), (to, 1000), (from, 1000)];
        let faces = knit(&[strip(0, 500), strip(500, 1000), strip(1000, 2000), strip(2000, 2600)]);
        let mut owners = [0, 0, 1, 0];
        absorb_strays(&faces, &mut owners);
        assert_eq!(owners, [0, 0, 1, 1]);
    }

    #[test]
    fn an_enclosed_face_leaves_a_hole() {
        let ring_around = [
            vec![(0, 0), (300, 0), (200, 100), (100, 100)],
            vec![(300, 0), (300, 300), (200, 200), (200, 100)],
            vec![(300, 300), (0, 300), (100, 200), (200, 200)],
            vec![(0, 300), (0, 0), (100, 100), (100, 200)],
        ];
        let rings = dissolve(ring_around.iter());
        assert_eq!(rings.len(), 2);
        assert!(doubled_area(&rings[0]) > 0 && doubled_area(&rings[1]) < 0);
    }
}
