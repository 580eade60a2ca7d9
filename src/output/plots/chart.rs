//! The content of a plot, independent of drawing: curves cut at NaN and thinned, and the axes'
//! ranges.

use std::collections::BTreeSet;

use plotters::style::RGBColor;

use crate::output::plots::axis_range::AxisRange;
use crate::runs::metrics::MetricsRow;

/// The most points of a curve before it is thinned.
const MOST_POINTS: usize = 2000;
/// Stretches of a thinned curve: about one for two pixels.
const STRETCHES: usize = 500;
/// If the largest loss is this many times the median, the axis is logarithmic.
const HUGE_RATIO: f64 = 30.0;

/// Epoch and value.
pub(super) type ChartPoint = (f64, f64);

/// A plot to be drawn.
#[derive(Debug, Clone)]
pub(super) struct Chart {
    pub(super) title: String,
    pub(super) y_name: String,
    pub(super) curves: Vec<Curve>,    // train, (val,) test
    pub(super) shade: Option<String>, // label of the area between the first and the last curve
    pub(super) best: Option<Best>,
    pub(super) x_max: f64,
    pub(super) y_range: AxisRange, // of what is drawn: logarithms on a logarithmic axis
    pub(super) is_log: bool,
}

/// One curve.
#[derive(Debug, Clone)]
pub(super) struct Curve {
    pub(super) label: String,
    pub(super) color: RGBColor,
    pub(super) points: Vec<ChartPoint>, // y is NaN where there is no finite value
}

/// The marked epoch, on the last curve.
#[derive(Debug, Clone)]
pub(super) struct Best {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) label: String,
}

/// Epoch and figure of each row; empty if no row has the figure at all.
pub(super) fn points(
    rows: &[MetricsRow],
    figure: &dyn Fn(&MetricsRow) -> Option<f64>,
) -> Vec<ChartPoint> {
    if rows.iter().all(|row| figure(row).is_none()) {
        return Vec::new();
    }
    let finite = |value: Option<f64>| value.filter(|v| v.is_finite()).unwrap_or(f64::NAN);
    let points = rows.iter().map(|row| (row.epoch as f64, finite(figure(row))));
    points.collect()
}

impl Chart {
    /// A chart of losses. The y axis fits the values; it is logarithmic if huge ones would flatten
    /// the others.
    pub(super) fn of_losses(title: &str, y_name: &str, mut curves: Vec<Curve>) -> Chart {
        let is_log = has_huge_values(&curves);
        if is_log {
            let points = curves.iter_mut().flat_map(|c| &mut c.points);
            points.for_each(|point| point.1 = logarithm(point.1));
        }
        let y_range = match (finite_range(&curves), is_log) {
            (None, _) => AxisRange::new(0.0, 1.0),
            (Some(AxisRange { low, high }), true) => {
                AxisRange::new(low.floor(), high.ceil().max(low.floor() + 1.0))
            }
            (Some(range), false) => padded(range),
        };
        Chart { is_log, ..Chart::new(title, y_name, curves, y_range) }
    }

    /// A chart of percentages. The y axis ends at whole tens, so that no curve lies on its ends,
    /// but not beyond 0 to 100. Values outside (from a damaged file) are not percentages, and may
    /// be too far off to compute pixels.
    pub(super) fn of_percentages(title: &str, y_name: &str, mut curves: Vec<Curve>) -> Chart {
        for point in curves.iter_mut().flat_map(|curve| &mut curve.points) {
            point.1 = if (0.0..=100.0).contains(&point.1) { point.1 } else { f64::NAN };
        }
        let AxisRange { low, high } = finite_range(&curves).unwrap_or(AxisRange::PERCENT);
        let low = (10.0 * ((low - 1.0) / 10.0).floor()).clamp(0.0, 90.0);
        let high = (10.0 * ((high + 1.0) / 10.0).ceil()).clamp(low + 10.0, 100.0);
        Chart::new(title, y_name, curves, AxisRange { low, high })
    }

    /// Curves without points are left out.
    fn new(title: &str, y_name: &str, mut curves: Vec<Curve>, y_range: AxisRange) -> Chart {
        curves.retain(|curve| !curve.points.is_empty());
        let xs = curves.iter().flat_map(|c| &c.points).map(|point| point.0);
        let x_max = xs.fold(1.0, f64::max);
        Chart {
            title: crate::escape::escape_controls(title).into_owned(),
            y_name: y_name.to_owned(),
            curves,
            shade: None,
            best: None,
            x_max,
            y_range,
            is_log: false,
        }
    }

    /// Shades the area between the first and the last curve.
    pub(super) fn shaded(mut self, label: String) -> Chart {
        self.shade = (self.curves.len() > 1).then_some(label);
        self
    }

    /// Marks a point, if it is within the picture.
    pub(super) fn marked(mut self, best: Option<Best>) -> Chart {
        let AxisRange { low, high } = self.y_range;
        let on_axis = |y: f64| if self.is_log { logarithm(y) } else { y };
        let best = best.map(|best| Best { y: on_axis(best.y), ..best });
        self.best = best.filter(|best| (low..=high).contains(&best.y));
        self
    }

    /// No more points than the eye can distinguish.
    pub(super) fn thinned(mut self) -> Chart {
        let mut points: Vec<&mut Vec<ChartPoint>> =
            self.curves.iter_mut().map(|curve| &mut curve.points).collect();
        thin(&mut points);
        self
    }
}

/// log10, with a lower limit that represents zero on a logarithmic axis.
fn logarithm(value: f64) -> f64 {
    if value.is_nan() {
        return value;
    }
    libm::log10(value.max(1e-6))
}

fn finite_values(curves: &[Curve]) -> impl Iterator<Item = f64> + '_ {
    let points = curves.iter().flat_map(|curve| &curve.points);
    points.map(|point| point.1).filter(|y| y.is_finite())
}

fn finite_range(curves: &[Curve]) -> Option<AxisRange> {
    let low = finite_values(curves).reduce(f64::min)?;
    let high = finite_values(curves).reduce(f64::max)?;
    Some(AxisRange { low, high })
}

fn has_huge_values(curves: &[Curve]) -> bool {
    let mut values: Vec<f64> = finite_values(curves).collect();
    values.sort_by(f64::total_cmp);
    let (Some(largest), Some(median)) = (values.last(), values.get(values.len() / 2)) else {
        return false;
    };
    *largest > 10.0 && *largest > HUGE_RATIO * median
}

/// From zero where values come near it, with some air above.
fn padded(AxisRange { low, high }: AxisRange) -> AxisRange {
    let spread = (high - low).max(1e-3 * high.abs()).max(1e-3);
    let bottom = low - 0.05 * spread;
    let from_zero = low >= 0.0 && low < 0.5 * high;
    AxisRange::new(if from_zero { 0.0 } else { bottom }, high + 0.05 * spread)
}

/// From each of several equal stretches of rows, keeps the first row and those with the lowest and
/// highest point of any curve, so that spikes and gaps remain and the curves keep the same epochs.
fn thin(curves: &mut [&mut Vec<ChartPoint>]) {
    let rows = curves.first().map_or(0, |points| points.len());
    if rows <= MOST_POINTS {
        return;
    }
    let stretch = rows.div_ceil(STRETCHES);
    let mut kept = BTreeSet::from([rows - 1]);
    for start in (0..rows).step_by(stretch) {
        let inside = start..rows.min(start + stretch);
        kept.insert(start);
        for points in &*curves {
            let at = |row: &usize| points[*row].1;
            let by_y = |a: &usize, b: &usize| at(a).total_cmp(&at(b));
            let finite = || inside.clone().filter(|row| !at(row).is_nan());
            kept.extend(inside.clone().find(|row| at(row).is_nan()));
            kept.extend(finite().min_by(by_y).into_iter().chain(finite().max_by(by_y)));
        }
    }
    for points in curves {
        **points = kept.iter().map(|row| points[*row]).collect();
    }
}

/// Stretches of a curve without NaN.
pub(super) fn segments(points: &[ChartPoint]) -> impl Iterator<Item = &[ChartPoint]> {
    let stretches = points.split(|point| point.1.is_nan());
    stretches.filter(|stretch| !stretch.is_empty())
}

/// Stretches of two curves over the same epochs in which both have values.
pub(super) fn common_stretches(
    a: &[ChartPoint],
    b: &[ChartPoint],
) -> Vec<(Vec<ChartPoint>, Vec<ChartPoint>)> {
    let both = |(p, q): &(&ChartPoint, &ChartPoint)| p.0 == q.0 && !p.1.is_nan() && !q.1.is_nan();
    let pairs: Vec<(&ChartPoint, &ChartPoint)> = a.iter().zip(b).collect();
    let stretches = pairs.split(|pair| !both(pair)).filter(|stretch| stretch.len() > 1);
    stretches.map(|stretch| stretch.iter().copied().unzip()).collect()
}
