//! The first difference between two `metrics.csv` or `layers.csv`, read as text: values count as
//! different even if they parse to the same number.

use super::{AGAIN, RUN, shown};

/// Names epoch and column with both values. The files differ.
pub(super) fn first_difference(run: &[u8], again: &[u8]) -> Option<String> {
    let (mut run, mut again) = (lines(run), lines(again));
    let (header, header_again) = (run.next()?, again.next()?);
    if header != header_again {
        return Some(format!("its columns are not {}", shown(header_again)));
    }
    let columns: Vec<&[u8]> = header.split(|byte| *byte == b',').collect();
    let mut rows = 0;
    loop {
        match (run.next(), again.next()) {
            (Some(line), Some(line_again)) if line == line_again => rows += 1,
            (Some(line), Some(line_again)) => return cell(&columns, line, line_again),
            (None, None) => return None,
            (run_line, _) => {
                let all = |rest| rows + 1 + rest;
                let (in_run, in_again) = match run_line {
                    Some(_) => (all(run.count()), rows),
                    None => (rows, all(again.count())),
                };
                return Some(format!("rows: {in_run} {RUN}, {in_again} {AGAIN}"));
            }
        }
    }
}

/// Lines without their ends; `\r` counts as content.
fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.strip_suffix(b"\n").unwrap_or(text).split(|byte| *byte == b'\n')
}

/// The first value in which two rows differ.
fn cell(columns: &[&[u8]], line: &[u8], line_again: &[u8]) -> Option<String> {
    let fields_of = |row| <[u8]>::split(row, |byte| *byte == b',').collect::<Vec<_>>();
    let (fields, fields_again) = (fields_of(line), fields_of(line_again));
    let key = key(columns, &fields_again); // this program has just written it
    if fields.len() != fields_again.len() {
        let (in_run, in_again) = (fields.len(), fields_again.len());
        return Some(format!("{key}, values: {in_run} {RUN}, {in_again} {AGAIN}"));
    }
    let at = fields.iter().zip(&fields_again).position(|(value, again)| value != again)?;
    let column = shown(columns.get(at)?);
    let (in_run, in_again) = (shown(fields[at]), shown(fields_again[at]));
    Some(format!("{key}, {column}: {in_run} {RUN}, {in_again} {AGAIN}"))
}

/// The key of a row: its epoch, and its layer if it has one.
fn key(columns: &[&[u8]], fields: &[&[u8]]) -> String {
    let named = |name: &str| {
        let at = columns.iter().position(|column| *column == name.as_bytes())?;
        Some(format!("{name} {}", shown(fields.get(at)?)))
    };
    ["epoch", "layer"].into_iter().filter_map(named).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "epoch,step,gap\n0,0,0.5\n10,6,0.25\n";

    #[track_caller]
    fn assert_difference(run: &str, expected: &str) {
        let difference = first_difference(run.as_bytes(), FILE.as_bytes());
        assert_eq!(difference.as_deref(), Some(expected));
    }

    #[test]
    fn epoch_and_column_are_named_with_both_values() {
        let run = FILE.replace("0.25", "0.250");
        assert_difference(&run, "epoch 10, gap: 0.250 in the run, 0.25 trained again");
        let run = FILE.replace("10,6", "11,7");
        assert_difference(&run, "epoch 10, epoch: 11 in the run, 10 trained again");
        let run = FILE.replace("0.5\n", "\n");
        assert_difference(&run, "epoch 0, gap: nothing in the run, 0.5 trained again");
        let run = FILE.replace("0.5\n", "0.5\r\n");
        assert_difference(&run, r"epoch 0, gap: 0.5\u{d} in the run, 0.5 trained again");
    }

    #[test]
    fn layers_are_named_too() {
        let (run, again) = ("epoch,step,layer\n0,0,4\n", "epoch,step,layer\n0,1,4\n");
        let difference = first_difference(run.as_bytes(), again.as_bytes());
        let expected = "epoch 0, layer 4, step: 0 in the run, 1 trained again";
        assert_eq!(difference.as_deref(), Some(expected));
    }

    #[test]
    fn other_shapes_are_named() {
        assert_difference(
            &FILE.replace("0.5", "0,5"),
            "epoch 0, values: 4 in the run, 3 trained again",
        );
        assert_difference("epoch,step,gap\n0,0,0.5\n", "rows: 1 in the run, 2 trained again");
        let longer = format!("{FILE}11,7,0\n12,8,0\n");
        assert_difference(&longer, "rows: 4 in the run, 2 trained again");
        assert_difference("epoch\n0\n", "its columns are not epoch,step,gap");
        assert_difference("", "its columns are not epoch,step,gap");
        assert_eq!(first_difference(FILE.trim_end().as_bytes(), FILE.as_bytes()), None);
    }
}
