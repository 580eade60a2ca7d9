//! A chart of two curves in characters, with brackets behind their ends and marks under the axis.

/// Rows of the plot.
const HEIGHT: usize = 15;
/// The widest plot, in characters.
const WIDEST: usize = 60;
/// The narrowest plot.
const NARROWEST: usize = 20;
/// What stands beside the plot: the axis, the brackets and their labels.
const BESIDE: usize = 28;

/// A curve: a sign and its points, epoch and percent, in the order of the epochs.
pub(super) struct Curve {
    pub(super) name: &'static str,
    pub(super) points: Vec<(f64, f64)>, // finite, at least one
}

/// Two levels with what lies between them.
pub(super) struct Bracket {
    pub(super) between: [f64; 2],
    pub(super) label: String,
}

/// A place on the axis.
pub(super) struct Mark {
    pub(super) epoch: f64,
    pub(super) label: String,
}

/// What is drawn.
pub(super) struct Chart {
    pub(super) curves: [Curve; 2],
    pub(super) brackets: Vec<Bracket>,
    pub(super) marks: Vec<Mark>,
}

/// How it is drawn.
#[derive(Debug, Clone, Copy, Default)]
pub struct ChartLook {
    /// Columns of the terminal, if they are known.
    pub width: Option<u16>,
    /// ASCII only.
    pub ascii: bool,
}

/// The signs of a chart.
struct Signs {
    curves: [char; 2],
    bracket: [char; 3], // top, middle, bottom
    alone: char,        // a bracket within one row
    axis: [char; 3],    // vertical, corner, horizontal
    mark: char,
}

const UNICODE: Signs = Signs {
    curves: ['●', '○'],
    bracket: ['┐', '│', '┘'],
    alone: '╴',
    axis: ['│', '└', '─'],
    mark: '▲',
};
const ASCII: Signs = Signs {
    curves: ['*', 'o'],
    bracket: ['+', '|', '+'],
    alone: '-',
    axis: ['|', '+', '-'],
    mark: '^',
};

/// Where levels and epochs lie in the plot.
struct Scale {
    width: usize,
    epochs: [f64; 2],
    percent: [f64; 2],
}

impl Chart {
    /// The chart as lines of text.
    pub(super) fn draw(&self, look: ChartLook) -> String {
        let signs = if look.ascii { &ASCII } else { &UNICODE };
        let scale = self.scale(look.width);
        let mut rows = self.plotted(&scale, signs);
        for bracket in &self.brackets {
            add_bracket(&mut rows, bracket, &scale, signs);
        }
        self.add_labels(&mut rows, &scale);
        let [vertical, corner, horizontal] = signs.axis;
        let mut text = String::new();
        for (row, line) in rows.iter().enumerate() {
            let level = format!("{:>5}", scale.label(row));
            let line: String = line.iter().collect();
            text.push_str(&format!("{level} {vertical}{}\n", line.trim_end()));
        }
        let axis: String = std::iter::repeat_n(horizontal, scale.width).collect();
        text.push_str(&format!("{:>5} {corner}{axis}\n", ""));
        text.push_str(&self.under_the_axis(&scale, signs));
        let [a, b] = &self.curves;
        text.push_str(&format!(
            "\n      {} {}   {} {}   accuracy in %\n",
            signs.curves[0], a.name, signs.curves[1], b.name
        ));
        text
    }

    fn scale(&self, width: Option<u16>) -> Scale {
        let width = width.map_or(WIDEST, |width| usize::from(width).saturating_sub(BESIDE));
        let points = || self.curves.iter().flat_map(|curve| &curve.points);
        let least = |of: fn(&(f64, f64)) -> f64| points().map(of).fold(f64::INFINITY, f64::min);
        let most = |of: fn(&(f64, f64)) -> f64| points().map(of).fold(0.0, f64::max);
        let low = (least(|point| point.1) / 10.0).floor() * 10.0;
        let high = ((most(|point| point.1) / 10.0).ceil() * 10.0).max(low + 10.0);
        Scale {
            width: width.clamp(NARROWEST, WIDEST),
            epochs: [least(|point| point.0), most(|point| point.0)],
            percent: [low, high],
        }
    }

    fn plotted(&self, scale: &Scale, signs: &Signs) -> Vec<Vec<char>> {
        let mut rows = vec![vec![' '; scale.width]; HEIGHT];
        for (curve, sign) in self.curves.iter().zip(signs.curves) {
            let place = |column: usize| {
                let percent = curve.at(scale.epoch(column))?;
                Some((scale.row(percent), column))
            };
            for (row, column) in (0..scale.width).filter_map(place) {
                rows[row][column] = sign;
            }
        }
        rows
    }

    /// The labels of the brackets, each in the middle of its own.
    fn add_labels(&self, rows: &mut [Vec<char>], scale: &Scale) {
        let mut taken: Vec<usize> = Vec::new();
        for Bracket { between: [a, b], label } in &self.brackets {
            let mut row = scale.row(0.5 * (a + b));
            while taken.contains(&row) && row + 1 < HEIGHT {
                row += 1;
            }
            taken.push(row);
            rows[row].push(' ');
            rows[row].extend(label.chars());
        }
    }

    /// The marks, each with its label, and the ends of the axis.
    fn under_the_axis(&self, scale: &Scale, signs: &Signs) -> String {
        let [first, last] = scale.epochs;
        let mut ends = format!("epoch {first}");
        let end = last.to_string();
        let space = scale.width.saturating_sub(ends.len() + end.len()).max(1);
        ends.push_str(&format!("{}{end}", " ".repeat(space)));
        let mut text = String::new();
        for Mark { epoch, label } in &self.marks {
            let column = scale.column(*epoch);
            let line = match column + 2 + label.chars().count() <= scale.width + BESIDE / 2 {
                true => format!("{}{} {label}", " ".repeat(column), signs.mark),
                false => {
                    let before = column.saturating_sub(label.chars().count() + 1);
                    format!("{}{label} {}", " ".repeat(before), signs.mark)
                }
            };
            text.push_str(&format!("       {line}\n"));
        }
        format!("{text}       {ends}\n")
    }
}

impl Curve {
    /// Its level at an epoch: between two points, on the line that joins them.
    fn at(&self, epoch: f64) -> Option<f64> {
        let after = self.points.partition_point(|point| point.0 < epoch);
        let right = self.points.get(after)?;
        match after.checked_sub(1).map(|before| self.points[before]) {
            Some(left) if right.0 > left.0 => {
                let share = (epoch - left.0) / (right.0 - left.0);
                Some(left.1 + share * (right.1 - left.1))
            }
            _ => (right.0 == epoch).then_some(right.1),
        }
    }
}

impl Scale {
    fn epoch(&self, column: usize) -> f64 {
        let [first, last] = self.epochs;
        if column + 1 == self.width {
            return last;
        }
        first + (last - first) * column as f64 / (self.width - 1) as f64
    }

    fn column(&self, epoch: f64) -> usize {
        let [first, last] = self.epochs;
        let share = if last > first { (epoch - first) / (last - first) } else { 0.0 };
        (share.clamp(0.0, 1.0) * (self.width - 1) as f64).round() as usize
    }

    fn row(&self, percent: f64) -> usize {
        let [low, high] = self.percent;
        let share = ((high - percent) / (high - low)).clamp(0.0, 1.0);
        (share * (HEIGHT - 1) as f64).round() as usize
    }

    /// The level at the left of a row: at the top, the middle and the bottom.
    fn label(&self, row: usize) -> String {
        let [low, high] = self.percent;
        match row {
            0 => high.to_string(),
            row if row == HEIGHT / 2 => (0.5 * (low + high)).to_string(),
            row if row + 1 == HEIGHT => low.to_string(),
            _ => String::new(),
        }
    }
}

/// Appends a column with the bracket to all rows.
fn add_bracket(rows: &mut [Vec<char>], bracket: &Bracket, scale: &Scale, signs: &Signs) {
    let [a, b] = bracket.between.map(|level| scale.row(level));
    let (top, bottom) = (a.min(b), a.max(b));
    for (row, line) in rows.iter_mut().enumerate() {
        let sign = match row {
            _ if row < top || row > bottom => ' ',
            _ if top == bottom => signs.alone,
            _ if row == top => signs.bracket[0],
            _ if row == bottom => signs.bracket[2],
            _ => signs.bracket[1],
        };
        line.extend([' ', sign]);
    }
}
