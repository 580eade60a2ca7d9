//! Where the labels of points stand so that none covers another, nor a point.

use crate::output::plots::pixel::{Corners, Pixel};

/// How far from its point a label may stand, in heights of a line.
const DISTANCES: [f64; 6] = [0.9, 1.5, 2.2, 3.0, 4.0, 5.5];
/// The directions that are tried, the usual ones first.
const DIRECTIONS: [(f64, f64); 8] = [
    (1.0, 0.0),
    (-1.0, 0.0),
    (0.0, -1.0),
    (0.0, 1.0),
    (0.8, -0.8),
    (-0.8, -0.8),
    (0.8, 0.8),
    (-0.8, 0.8),
];

/// A label and the point that it belongs to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Labelled {
    pub(super) point: Pixel,
    pub(super) width: i32,
    pub(super) height: i32,
}

/// What labels must not cover.
#[derive(Debug, Default)]
pub(super) struct Taken {
    /// Never.
    pub(super) boxes: Vec<Corners>,
    /// If it can be avoided.
    pub(super) lines: Vec<[Pixel; 2]>,
}

/// A place for each label within `area`; none where there is no free one.
pub(super) fn places(labels: &[Labelled], area: Corners, mut taken: Taken) -> Vec<Option<Corners>> {
    taken.boxes.extend(labels.iter().map(|label| around(label.point, label.height / 3)));
    let mut found = Vec::with_capacity(labels.len());
    for label in labels {
        let candidates = || candidates(label).filter(|place| is_within(*place, area));
        let is_free = |place: &Corners| !taken.boxes.iter().any(|other| overlap(*place, *other));
        let is_clear = |place: &Corners| !taken.lines.iter().any(|line| crosses(*line, *place));
        let place = candidates()
            .find(|place| is_free(place) && is_clear(place))
            .or_else(|| candidates().find(is_free));
        taken.boxes.extend(place);
        found.push(place);
    }
    found
}

fn candidates(label: &Labelled) -> impl Iterator<Item = Corners> + '_ {
    let Labelled { point, width, height } = *label;
    DISTANCES.into_iter().flat_map(move |distance| {
        DIRECTIONS.into_iter().map(move |(right, down)| {
            let reach = distance * f64::from(height);
            let aside = right * (reach + 0.5 * f64::from(width));
            let x = point.x + aside as i32 - width / 2;
            let y = point.y + (down * reach) as i32 - height / 2;
            Corners { left: x, top: y, right: x + width, bottom: y + height }
        })
    })
}

fn around(Pixel { x, y }: Pixel, half: i32) -> Corners {
    Corners { left: x - half, top: y - half, right: x + half, bottom: y + half }
}

fn is_within(place: Corners, area: Corners) -> bool {
    place.left >= area.left
        && place.right <= area.right
        && place.top >= area.top
        && place.bottom <= area.bottom
}

fn overlap(a: Corners, b: Corners) -> bool {
    a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}

/// Whether a line goes through a box, tried at points along it that lie closer than a label is high.
fn crosses([from, to]: [Pixel; 2], place: Corners) -> bool {
    const STEPS: i32 = 60;
    (0..=STEPS).any(|step| {
        let at = |a: i32, b: i32| a + (b - a) * step / STEPS;
        let (x, y) = (at(from.x, to.x), at(from.y, to.y));
        (place.left..place.right).contains(&x) && (place.top..place.bottom).contains(&y)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const AREA: Corners = Corners { left: 0, top: 0, right: 1000, bottom: 600 };

    fn labels(points: impl Iterator<Item = (i32, i32)>) -> Vec<Labelled> {
        points.map(|(x, y)| Labelled { point: Pixel::new(x, y), width: 90, height: 24 }).collect()
    }

    #[test]
    fn labels_cover_neither_each_other_nor_points() {
        let labels = labels((0..9).map(|i| (400 + 31 * (i % 3), 300 + 23 * (i / 3))));
        let found = places(&labels, AREA, Taken::default());
        let found: Vec<Corners> = found.into_iter().flatten().collect();
        assert!(found.len() >= 8, "{}", found.len());
        for (index, place) in found.iter().enumerate() {
            assert!(is_within(*place, AREA));
            assert!(found[..index].iter().all(|other| !overlap(*place, *other)));
            assert!(labels.iter().all(|label| !overlap(*place, around(label.point, 5))));
        }
    }

    #[test]
    fn a_label_leaves_a_line_free_and_one_without_room_has_no_place() {
        let one = labels([(500, 300)].into_iter());
        let right = [Pixel::new(500, 300), Pixel::new(900, 300)];
        let taken = Taken { lines: vec![right], boxes: Vec::new() };
        assert!(places(&one, AREA, taken)[0].unwrap().right < 500);
        let narrow = Corners { left: 480, right: 520, ..AREA };
        assert!(places(&one, narrow, Taken::default())[0].is_none());
    }
}
