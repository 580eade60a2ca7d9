//! Colours of configs and heat maps that are distinct for all kinds of colour vision.

use plotters::style::RGBColor;

use crate::analysis::compare::Direction;
use crate::output::plots::panel::Stroke;
use crate::output::plots::{BLUE, GREEN, VERMILION};

/// Configs that have a colour; the others are grey.
pub(super) const MOST_COLORED: usize = 10;
/// Everything but the best.
pub(super) const GREY: RGBColor = RGBColor(190, 190, 190);

/// What nothing is shown of.
const DIM: RGBColor = RGBColor(120, 120, 120);
const PURPLE: RGBColor = RGBColor(204, 121, 167);
const ORANGE: RGBColor = RGBColor(230, 159, 0);
const SKY: RGBColor = RGBColor(86, 180, 233);
const BLACK: RGBColor = RGBColor(0, 0, 0);

/// The line of the config at this rank: seven colours of Okabe and Ito (their yellow is hard to see
/// on white), then the same ones dashed.
pub(super) fn stroke(place: usize) -> Stroke {
    let colors = [BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, BLACK];
    let color = colors[place % colors.len()];
    Stroke { color, width: 3, is_dashed: place >= colors.len() }
}

/// The colour of a change against the baseline.
pub(super) fn color_of(direction: Direction) -> RGBColor {
    match direction {
        Direction::Better => GREEN,
        Direction::Worse => VERMILION,
        Direction::Narrower => BLUE,
        Direction::Wider => PURPLE,
        Direction::Unclear => DIM,
    }
}

/// The colour scale of a heat map.
#[derive(Debug, Clone, Copy)]
pub(super) enum Ramp {
    /// More is darker blue.
    Accuracy,
    /// More is darker red.
    Gap,
}

impl Ramp {
    /// The colour for a position 0 to 1 in the range. Lightness alone shows the order.
    pub(super) fn color(self, share: f64) -> RGBColor {
        let (light, middle, dark) = match self {
            Ramp::Accuracy => {
                (RGBColor(236, 244, 251), RGBColor(102, 170, 214), RGBColor(8, 64, 129))
            }
            Ramp::Gap => (RGBColor(255, 243, 230), RGBColor(244, 148, 90), RGBColor(140, 38, 4)),
        };
        let share = share.clamp(0.0, 1.0);
        match share < 0.5 {
            true => mixed(light, middle, 2.0 * share),
            false => mixed(middle, dark, 2.0 * share - 1.0),
        }
    }

    /// A colour that is legible on [`Ramp::color`].
    pub(super) fn ink(self, share: f64) -> RGBColor {
        let RGBColor(red, green, blue) = self.color(share);
        // Luma of ITU-R BT.601.
        let luma = 0.299 * f64::from(red) + 0.587 * f64::from(green) + 0.114 * f64::from(blue);
        if luma > 140.0 { RGBColor(30, 30, 30) } else { RGBColor(255, 255, 255) }
    }
}

fn mixed(a: RGBColor, b: RGBColor, share: f64) -> RGBColor {
    let mix = |from: u8, to: u8| {
        (f64::from(from) + share * (f64::from(to) - f64::from(from))).round() as u8
    };
    RGBColor(mix(a.0, b.0), mix(a.1, b.1), mix(a.2, b.2))
}
