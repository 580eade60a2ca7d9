//! The whole picture: what is watched, how far it is, the list, the curves, the keys.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Gauge, Paragraph};

use super::app::App;
use super::progress::{WatchProgress, counts};
use super::{curves, table};

/// Heights from which on there is room for the curves, and for the keys.
const WITH_CURVES: u16 = 18;
const WITH_KEYS: u16 = 8;

/// Draws everything.
pub(super) fn draw(app: &mut App, frame: &mut Frame) {
    let area = frame.area();
    let [head, gauge, list, chart, foot] = parts(area, app.trials.len());
    let bold = Style::new().add_modifier(Modifier::BOLD);
    let head_line = Line::from(vec![
        Span::styled(format!("{}  ", app.title), bold),
        Span::raw(match app.trials.is_empty() {
            true => "no runs yet".to_owned(),
            false => counts(&app.trials),
        }),
    ]);
    frame.render_widget(Paragraph::new(head_line), head);
    let progress = WatchProgress::of(&app.trials);
    let style = match app.colors {
        true => Style::new().fg(Color::Cyan),
        false => Style::new(),
    };
    let bar = Gauge::default().ratio(progress.share.clamp(0.0, 1.0)).label(progress.text());
    frame.render_widget(bar.gauge_style(style), gauge);
    table::draw(app, frame, list);
    if chart.height > 0 {
        curves::draw(app, frame, chart);
    }
    let keys = "↑↓ choose  l loss or accuracy  q leave";
    let text = app.problem.as_deref().unwrap_or(keys);
    let dim = Style::new().add_modifier(Modifier::DIM);
    frame.render_widget(Paragraph::new(text).style(dim), foot);
}

/// Title, bar, list, curves, keys. The list takes what it needs, up to half of a high terminal.
fn parts(area: Rect, trials: usize) -> [Rect; 5] {
    let needed = u16::try_from(trials.saturating_add(1)).unwrap_or(u16::MAX);
    let foot = u16::from(area.height >= WITH_KEYS);
    let (list, chart) = match area.height {
        WITH_CURVES.. => {
            (Constraint::Length(needed.clamp(4, area.height / 2)), Constraint::Fill(1))
        }
        _ => (Constraint::Fill(1), Constraint::Length(0)),
    };
    let line = Constraint::Length(1);
    Layout::vertical([line, line, list, chart, Constraint::Length(foot)]).areas(area)
}

#[cfg(test)]
mod tests {
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    use super::*;
    use crate::cli::watch::trial::{WatchedTrial, samples, sort};
    use crate::runs::samples::row;

    fn app() -> App {
        let mut trials = samples::sweep();
        sort(&mut trials);
        let mut app = App { title: "dropout.toml".to_owned(), ..App::default() };
        app.update(trials);
        app.rows = (0..=80)
            .map(|epoch| {
                let t = epoch as f32 / 80.0;
                row(epoch, 0.1 + 0.7 * t, None, 0.1 + 0.4 * (1.0 - (-9.0 * t).exp()))
            })
            .collect();
        app
    }

    fn drawn(app: &mut App, width: u16, height: u16) -> String {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| draw(app, frame)).unwrap();
        terminal.backend().to_string()
    }

    #[test]
    fn sweep_in_its_middle() {
        insta::assert_snapshot!(drawn(&mut app(), 100, 30));
    }

    #[test]
    fn loss_of_a_trial_that_ran_away() {
        let mut app = app();
        app.shows_loss = true;
        for (power, row) in app.rows[70..].iter_mut().enumerate() {
            row.test_loss = Some(10_f32.powi(power as i32));
        }
        app.rows[80].train_loss = f32::NAN;
        insta::assert_snapshot!(drawn(&mut app, 80, 24));
    }

    #[test]
    fn small_terminal_and_a_problem() {
        let mut app = app();
        app.problem = Some("runs/x/run.json: cannot be read as a run record".to_owned());
        insta::assert_snapshot!(drawn(&mut app, 50, 10));
    }

    #[test]
    fn nothing_yet() {
        let mut app = App { title: "runs".to_owned(), ..App::default() };
        insta::assert_snapshot!(drawn(&mut app, 60, 20));
    }

    #[test]
    fn no_size_and_no_rows_panic() {
        let mut hostile = app();
        hostile.rows = vec![row(u64::MAX / 1000, f32::NAN, Some(f32::INFINITY), -1e30); 3];
        hostile.trials.iter_mut().for_each(|trial| trial.label = "ü漢字".repeat(99));
        let mut few = App::default();
        few.update(vec![WatchedTrial { record: None, ..samples::sweep().remove(0) }]);
        for app in [&mut hostile, &mut few, &mut App::default()] {
            for (width, height) in [(1, 1), (20, 5), (5, 40), (300, 3), (3, 18), (120, 18)] {
                for shows_loss in [false, true] {
                    app.shows_loss = shows_loss;
                    drawn(app, width, height);
                }
            }
        }
    }
}
