//! Units that do not contribute: ReLUs that are zero for every example, sigmoids and tanhs at the
//! ends of their range. From the last epoch of `layers.csv`.

use std::collections::BTreeMap;

use crate::analysis::diagnosis::finding::{Finding, Severity};
use crate::analysis::diagnosis::list::FindingKind;
use crate::analysis::diagnosis::words::percent;
use crate::runs::layers::LayerRow;
use crate::runs::read::Curves;

/// A layer works well without fewer of its units than this share; beyond, it is effectively smaller.
const MANY_DEAD: f64 = 0.10;
/// Losing half of a layer is no longer a side effect.
const MOST_DEAD: f64 = 0.5;
/// Values at a limit pass on less than a hundredth of a gradient. Trained networks have some where
/// they are certain.
const MANY_SATURATED: f64 = 0.3;
/// Hardly any gradient is passed on.
const MOST_SATURATED: f64 = 0.7;

/// A share per hidden layer at the end, averaged over the runs, by the layer's number from 1.
type UnitShares = Vec<(usize, f64)>;

/// Finds layers with dead ReLUs.
pub(super) fn dead(runs: &[&Curves]) -> Option<Finding> {
    let shares = shares(runs, |row| row.dead_share);
    let what = "dead units (zero for every example of the probe batch at the end):";
    finding(FindingKind::DeadUnits, shares, [MANY_DEAD, MOST_DEAD], what, "of the units")
}

/// Finds layers with saturated sigmoids or tanhs.
pub(super) fn saturated(runs: &[&Curves]) -> Option<Finding> {
    let shares = shares(runs, |row| row.saturated_share);
    let what = "saturated units (within 1 % of a limit of their range at the end):";
    let limits = [MANY_SATURATED, MOST_SATURATED];
    let kind = FindingKind::SaturatedUnits;
    finding(kind, shares, limits, what, "of the values")
}

fn finding(
    kind: FindingKind,
    mut shares: UnitShares,
    [many, most]: [f64; 2],
    what: &str,
    of_what: &str,
) -> Option<Finding> {
    shares.retain(|(_, share)| *share >= many);
    let worst = shares.iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let figures = vec![("worst_share", worst.1), ("worst_hidden_layer", worst.0 as f64)];
    let severity = if worst.1 >= most { Severity::Problem } else { Severity::Warning };
    let layer = |(place, share): &(usize, f64)| {
        format!("{} {of_what} of hidden layer {place}", percent(*share))
    };
    let layers: Vec<String> = shares.iter().map(layer).collect();
    let text = format!("{what} {}", layers.join(", "));
    Some(Finding { kind, severity, text, figures })
}

fn shares(runs: &[&Curves], share: impl Fn(&LayerRow) -> Option<f32>) -> UnitShares {
    let mut by_place: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    for run in runs {
        for (index, row) in last_rows(&run.layers).enumerate() {
            if let Some(share) = share(row) {
                by_place.entry(index + 1).or_default().push(f64::from(share));
            }
        }
    }
    let mean = |values: Vec<f64>| values.iter().sum::<f64>() / values.len() as f64;
    by_place.into_iter().map(|(place, values)| (place, mean(values))).collect()
}

/// The rows of the last epoch, in the order of the layers. Untrained networks have dead units too:
/// epoch 0 does not count.
fn last_rows(layers: &[LayerRow]) -> impl Iterator<Item = &LayerRow> {
    let last = layers.last().map_or(0, |row| row.step);
    layers.iter().filter(move |row| row.step == last && last > 0)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::analysis::diagnosis::samples::run_of;

    /// A row of `layers.csv` of 100 units with a gradient as given.
    pub(crate) fn layer(epoch: u64, layer: usize, gradient_norm: f32) -> LayerRow {
        LayerRow {
            epoch,
            step: 10 * epoch,
            layer: layer.to_string(),
            units: 100,
            weight_norm: 10.0,
            gradient_norm,
            dead_share: None,
            saturated_share: None,
        }
    }

    fn with_shares(dead: Option<f32>, saturated: Option<f32>) -> Curves {
        let mut run = run_of(1, 10, |_, _| ());
        for epoch in [0, 10] {
            let hidden = layer(epoch, 0, 1.0);
            let odd =
                LayerRow { dead_share: Some(0.01), saturated_share: Some(0.01), ..hidden.clone() };
            let share = LayerRow { dead_share: dead, saturated_share: saturated, ..hidden };
            run.layers.extend([
                odd,
                LayerRow { layer: "2".to_owned(), ..share },
                layer(epoch, 4, 1.0),
            ]);
        }
        run
    }

    #[test]
    fn dead_units_are_named_with_their_layer() {
        let finding = dead(&[&with_shares(Some(0.34), None)]).unwrap();
        assert!(
            finding.text.ends_with("34.0 % of the units of hidden layer 2"),
            "{}",
            finding.text
        );
        assert_eq!(finding.severity, Severity::Warning);
        let half = dead(&[&with_shares(Some(0.6), None)]).unwrap();
        assert_eq!(half.severity, Severity::Problem);
    }

    #[test]
    fn saturated_units_are_named_with_their_layer() {
        let finding = saturated(&[&with_shares(None, Some(0.4))]).unwrap();
        assert!(
            finding.text.ends_with("40.0 % of the values of hidden layer 2"),
            "{}",
            finding.text
        );
    }

    #[test]
    fn few_units_means_over_seeds_and_runs_without_layers_are_no_finding() {
        let run = with_shares(Some(0.09), Some(0.29));
        assert_eq!((dead(&[&run]), saturated(&[&run])), (None, None));
        let (some, none) = (with_shares(Some(0.15), None), with_shares(Some(0.0), None));
        assert_eq!(dead(&[&some, &none]), None);
        assert_eq!(dead(&[&run_of(1, 10, |_, _| ())]), None);
        assert_eq!(dead(&[]), None);
    }

    #[test]
    fn untrained_networks_are_not_judged() {
        let mut run = with_shares(Some(0.6), None);
        run.layers.truncate(3);
        assert_eq!(dead(&[&run]), None);
    }
}
