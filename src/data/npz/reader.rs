//! The arrays of a `.npz` file, a part after the other -> examples, and what all parts have in common: the form of the
//! examples, the classes, and the scale of the pixels.

use crate::data::csv::lines::Lines;
use crate::data::csv::read_so_far::ReadSoFar;
use crate::data::csv::{Reading, TextFormat};
use crate::data::image_shape::image_shape;
use crate::data::npz::NpzConfig;
use crate::data::npz::archive::NpzArchive;
use crate::data::npz::features::{Features, Row};
use crate::data::npz::labels::labels;
use crate::data::npz::pixels::{PixelScale, scale_of_file};
use crate::data::own::DataRefusal;
use crate::error::Flaw;
use crate::escape::escape_controls;

/// The arrays of a part: the keys that name them, and their names.
pub(super) struct Part<'a> {
    pub(super) keys: [&'static str; 2],
    pub(super) names: [&'a str; 2],
}

/// What the examples are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Form {
    Images([usize; 3]),
    Numbers(usize),
}

/// Reads one part after the other.
pub(super) struct Reader<'a> {
    config: &'a NpzConfig,
    archive: &'a mut NpzArchive,
    form: Option<Form>,
    found: Option<ReadSoFar>,
    scales: Vec<(&'static str, &'a str, PixelScale)>, // key and name of each array of images
}

impl<'a> Reader<'a> {
    pub(super) fn new(config: &'a NpzConfig, archive: &'a mut NpzArchive) -> Reader<'a> {
        Reader { config, archive, form: None, found: None, scales: Vec::new() }
    }

    /// What the parts hold. `parts` are those that were read, in this order; their pixels get one scale.
    pub(super) fn finish(
        self,
        parts: &mut [&mut Lines],
    ) -> Result<Option<(Form, ReadSoFar)>, DataRefusal> {
        let (Some(form), Some(mut found)) = (self.form, self.found) else { return Ok(None) };
        let scales: Vec<(&str, PixelScale)> =
            self.scales.iter().map(|(_, name, scale)| (*name, *scale)).collect();
        let scale = scale_of_file(&scales).map_err(|(place, problem)| {
            let (key, name, _) = self.scales[place];
            let label = format!("{name} {problem}");
            let help = "save all arrays of images with the same scale";
            DataRefusal::new(key, "the array cannot be used", escape_controls(&label)).help(help)
        })?;
        if scale.one_is_brightest {
            let with_scale = parts.iter_mut().zip(&scales);
            with_scale
                .filter(|(_, (_, scale))| matches!(scale, PixelScale::Unclear { .. }))
                .for_each(|(lines, _)| lines.make_one_brightest());
        }
        found.notes.extend(scale.note.map(|note| escape_controls(&note).into_owned()));
        Ok(Some((form, found)))
    }

    /// The examples of a part; those of the first one say which classes there are.
    pub(super) fn read(&mut self, part: &Part<'a>) -> Result<Lines, DataRefusal> {
        let (features, labels) = self.arrays(part)?;
        let form = match &features {
            Features::Images { shape, .. } => Form::Images(*shape),
            Features::Numbers { columns, .. } => Form::Numbers(*columns),
        };
        let [x_key, _] = part.keys;
        if let Features::Images { scale, .. } = &features {
            self.scales.push((x_key, part.names[0], *scale));
        }
        let adds_classes = self.form.is_none();
        let first = *self.form.get_or_insert(form);
        if form != first {
            let (here, there) = (part.names[0], &self.config.x_train);
            let label = format!("{here} has {}, {there} has {}", form.words(), first.words());
            return Err(DataRefusal::new(
                x_key,
                "the arrays have examples of different forms",
                label,
            ));
        }
        let columns = if let Form::Numbers(columns) = form { columns } else { 0 };
        let found = self.found.get_or_insert_with(|| {
            ReadSoFar::new(Reading::Current, TextFormat::plain(b','), columns)
        });
        let mut lines = Lines::default();
        let mut row = Vec::new();
        let mut first_problem = None;
        for (example, label) in labels.iter().enumerate() {
            let what = format!("{}[{example}]", part.names[0]);
            let row = features.of_example(example, &mut row);
            let class = match &row {
                _ if label.is_empty() => Err("has no label".into()),
                Ok(_) => found.class_of(label, adds_classes, "y_train"),
                Err(reason) => Err(reason.clone()),
            };
            let problem = match (class, row) {
                (Ok(class), Ok(Row::Image(pixels))) => {
                    lines.push_image(class, pixels);
                    continue;
                }
                (Ok(class), Ok(Row::Numbers(numbers))) => {
                    found.add(class, numbers, &mut lines);
                    continue;
                }
                (Err(reason), Err(_)) | (_, Err(reason)) if adds_classes && !label.is_empty() => {
                    found.lose_one_of(label, || format!("{what} {reason}"));
                    reason
                }
                (Err(reason), _) | (_, Err(reason)) => reason,
            };
            first_problem
                .get_or_insert_with(|| escape_controls(&format!("{what} {problem}")).into_owned());
            found.leave_out(what, &problem);
        }
        if lines.labels.is_empty() {
            let label =
                first_problem.unwrap_or_else(|| format!("{} has no examples", part.names[0]));
            return Err(DataRefusal::new(x_key, "no example of the array can be used", label));
        }
        Ok(lines)
    }

    fn arrays(&mut self, part: &Part<'a>) -> Result<(Features, Vec<String>), DataRefusal> {
        let ([x_key, y_key], [x_name, y_name]) = (part.keys, part.names);
        for (key, name) in [(x_key, x_name), (y_key, y_name)] {
            if !self.archive.has(name) {
                let title = format!("there is no array `{}`", escape_controls(name));
                let label = format!("{} does not have it", self.config.path);
                return Err(DataRefusal::new(key, title, label).help(self.archive.names()));
            }
        }
        let image = self.config.image_shape.as_deref().map(image_shape).transpose()?;
        let wrong = |key: &'static str, name: &str, problem: Flaw| {
            let label = format!("{} {problem}", escape_controls(name));
            DataRefusal::new(key, "the array cannot be used", escape_controls(&label))
        };
        let array = self.archive.array(x_name).map_err(|problem| wrong(x_key, x_name, problem))?;
        let examples = array.rows();
        let features = Features::of(array, image, self.config);
        let features = features.map_err(|problem| wrong(x_key, x_name, problem))?;
        let array = self.archive.array(y_name).map_err(|problem| wrong(y_key, y_name, problem))?;
        let labels = labels(array).map_err(|problem| wrong(y_key, y_name, problem))?;
        if examples != Some(labels.len()) {
            let title = format!("`{x_key}` and `{y_key}` do not have the same length");
            let label = format!("{} examples, {} labels", examples.unwrap_or(0), labels.len());
            return Err(DataRefusal::new(y_key, title, label));
        }
        Ok((features, labels))
    }
}

impl Form {
    fn words(self) -> String {
        match self {
            Form::Images([channels, height, width]) => {
                format!("images of {channels} x {height} x {width}")
            }
            Form::Numbers(columns) => format!("rows of {columns} numbers"),
        }
    }
}
