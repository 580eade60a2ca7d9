//! Labels of a table -> classes, in an order that does not depend on that of the lines.

use std::collections::HashMap;

use super::super::own::MOST_CLASSES;

/// Labels by their first appearance.
#[derive(Debug, Default)]
pub(super) struct Classes {
    pub(super) names: Vec<String>,
    places: HashMap<String, usize>,
}

impl Classes {
    /// The class of a label; a new one if it may be.
    pub(super) fn place(&mut self, label: &str, adds: bool) -> Option<usize> {
        if let Some(place) = self.places.get(label) {
            return Some(*place);
        }
        let place = self.names.len();
        let has_room = adds && place <= MOST_CLASSES; // one more than there may be, to be refused
        has_room.then(|| {
            self.places.insert(label.to_owned(), place);
            self.names.push(label.to_owned());
            place
        })
    }

    /// The classes in order: as numbers if all of them are whole ones, else by their bytes.
    pub(super) fn in_order(&self) -> Vec<usize> {
        let number = |class: &usize| self.names[*class].parse::<i64>();
        let mut order: Vec<usize> = (0..self.names.len()).collect();
        match order.iter().all(|class| number(class).is_ok()) {
            true => order.sort_by_key(|class| (number(class).unwrap_or(0), &self.names[*class])),
            false => order.sort_by_key(|class| &self.names[*class]),
        }
        order
    }
}

/// Positions in `order` of classes by first appearance.
pub(super) fn labels(classes: &[usize], order: &[usize]) -> Vec<u16> {
    let mut places = vec![0; order.len()];
    order.iter().enumerate().for_each(|(place, &class)| places[class] = place as u16);
    classes.iter().map(|&class| places[class]).collect()
}
