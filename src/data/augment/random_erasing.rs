//! Random erasing (Zhong et al., 2017, <https://arxiv.org/abs/1708.04896>): with a given probability, a
//! rectangle of a random size and shape at a random place is erased. As in the authors' code, it is set
//! to the mean, which is 0 after `standardize`; under `unit` it is black.

use crate::config::keys::{WhenAbsent, config, number};
use crate::config::{Range, TableReader};
use crate::data::augment::rectangle::Rectangle;
use crate::data::augment::transform::{InputStage, OfPixels, Streams, Transform};
use crate::data::augment::{Draw, ImageMisfit, ImageSize};
use crate::rng::Stream;

/// Draws of a rectangle before an image is left as it is.
const ATTEMPTS: usize = 100;

config! {
    /// The table `random_erasing`.
    #[derive(Copy)]
    pub struct RandomErasingConfig {
        /// Probability of erasing a rectangle of an image; 0: off, 0.5 is usual.
        pub probability: f64 = number(Range::PROBABILITY).or(0.0).left_out(),
        /// Smallest share of the image's area.
        pub min_area: f64 = number(Range::SHARE).or(0.02).left_out(),
        /// Largest share of the image's area.
        pub max_area: f64 = number(Range::SHARE).or(0.4).left_out(),
        /// Smallest height of the rectangle divided by its width; the largest is 1 divided by it.
        pub min_aspect_ratio: f64 = number(Range::SHARE).or(0.3).left_out(),
    }
    then RandomErasingConfig::checked
}

impl RandomErasingConfig {
    fn checked(self, table: &mut TableReader<'_>) -> RandomErasingConfig {
        let RandomErasingConfig { min_area, max_area, .. } = self;
        if min_area > max_area {
            let [least, most] = ["min_area", "max_area"].map(|key| table.name(key));
            let key = if table.has("min_area") { "min_area" } else { "max_area" };
            let title = format!("`{least}` is above `{most}`");
            table.error(key, title, format!("from {min_area} to {max_area}"), None);
        }
        self
    }
}

impl Transform for RandomErasingConfig {
    fn is_off(&self) -> bool {
        self.probability == 0.0
    }

    fn misfit(&self, _shape: ImageSize) -> Option<ImageMisfit> {
        None
    }

    fn stage(&self) -> InputStage<'_> {
        InputStage::Scaled(self)
    }
}

impl OfPixels for RandomErasingConfig {
    fn change(&self, values: &mut [f32], shape: ImageSize, streams: Streams<'_>) {
        if let Some(rectangle) = draw(self, shape, &mut streams.of(Draw::Erasing)) {
            rectangle.blank(values, shape);
        }
    }
}

/// Draws whether an image is erased, then areas and aspect ratios until one fits into the image, then the
/// place: its row, then its column.
fn draw(config: &RandomErasingConfig, shape: ImageSize, stream: &mut Stream) -> Option<Rectangle> {
    if stream.uniform() >= config.probability {
        return None;
    }
    let RandomErasingConfig { min_area, max_area, min_aspect_ratio: ratio, .. } = *config;
    let mut between = |least: f64, most: f64| least + (most - least) * stream.uniform();
    let mut sides = || {
        let area = between(min_area, max_area) * shape.plane() as f64;
        sides(area, between(ratio, 1.0 / ratio))
    };
    let fits = |[height, width]: &[usize; 2]| *height < shape.height && *width < shape.width;
    let [height, width] = (0..ATTEMPTS).map(|_| sides()).find(fits)?;
    let mut place = |pixels: usize, side: usize| {
        let places = u32::try_from(pixels - side + 1).unwrap_or(u32::MAX);
        let first = stream.below(places) as usize;
        first..first + side
    };
    let rows = place(shape.height, height);
    Some(Rectangle { rows, columns: place(shape.width, width) })
}

/// Height and width of a rectangle, rounded as Python rounds.
fn sides(area: f64, aspect_ratio: f64) -> [usize; 2] {
    let side = |square: f64| square.sqrt().round_ties_even() as usize;
    [side(area * aspect_ratio), side(area / aspect_ratio)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::augment::testing::{fixtures, numbers};
    use crate::rng::{Purpose, stream};

    const SHAPE: ImageSize = ImageSize { channels: 3, height: 32, width: 24 };

    fn config(probability: f64) -> RandomErasingConfig {
        RandomErasingConfig { probability, ..RandomErasingConfig::default() }
    }

    #[test]
    fn equals_the_authors_code() {
        for case in fixtures()["random_erasing"].as_array().unwrap() {
            let [area, aspect_ratio] = [0, 1].map(|i| case["drawn"][i].as_f64().unwrap());
            let [height, width] = sides(area, aspect_ratio);
            let [top, left] = [0, 1].map(|i| case["place"][i].as_u64().unwrap() as usize);
            let [channels, rows, columns] = [0, 1, 2].map(|i| numbers(&case["shape"])[i] as usize);
            let shape = ImageSize { channels, height: rows, width: columns };
            let mut values = numbers(&case["input"]);
            let rectangle = Rectangle { rows: top..top + height, columns: left..left + width };
            rectangle.blank(&mut values, shape);
            assert_eq!(values, numbers(&case["output"]));
        }
    }

    #[test]
    fn rectangles_have_the_areas_and_shapes_that_were_asked_for() {
        let mut stream = stream(5, Purpose::Augmentation, 0, 8);
        let drawn: Vec<Option<Rectangle>> =
            (0..10_000).map(|_| draw(&config(0.5), SHAPE, &mut stream)).collect();
        let found: Vec<&Rectangle> = drawn.iter().flatten().collect();
        assert!(found.len().abs_diff(5000) < 250, "{} erased", found.len()); // 5 standard deviations
        for Rectangle { rows, columns } in &found {
            assert!(rows.end <= SHAPE.height && columns.end <= SHAPE.width);
            let [height, width] = [rows, columns].map(|side| side.len() as f64);
            // Sides are rounded to whole pixels.
            let share = |more: f64| (height + more) * (width + more) / SHAPE.plane() as f64;
            assert!(share(0.5) >= 0.02 && share(-0.5) <= 0.4, "{height} x {width}");
            assert!((height + 0.5) / (width - 0.5) >= 0.3, "{height} x {width}");
            assert!((height - 0.5) / (width + 0.5) <= 1.0 / 0.3, "{height} x {width}");
        }
        let at_border = |is_at: fn(&Rectangle) -> bool| found.iter().any(|one| is_at(one));
        assert!(at_border(|one| one.rows.start == 0) && at_border(|one| one.rows.end == 32));
        assert!(at_border(|one| one.columns.start == 0) && at_border(|one| one.columns.end == 24));
    }

    #[test]
    fn what_never_fits_leaves_the_image_as_it_is() {
        let mut stream = stream(5, Purpose::Augmentation, 0, 8);
        let whole = RandomErasingConfig { min_area: 1.0, max_area: 1.0, ..config(1.0) };
        let square = RandomErasingConfig { min_aspect_ratio: 1.0, ..whole };
        let shape = ImageSize { channels: 1, height: 5, width: 5 };
        assert_eq!(draw(&square, shape, &mut stream), None);
        let thin = RandomErasingConfig { min_aspect_ratio: 1e-30, ..whole };
        assert_eq!(draw(&thin, shape, &mut stream), None);
        assert_eq!(draw(&config(0.0), SHAPE, &mut stream), None);
    }
}
