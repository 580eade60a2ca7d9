//! The state of the view and its key bindings, independent of a terminal.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::widgets::TableState;

use super::trial::WatchedTrial;
use crate::runs::metrics::MetricsRow;

/// Lines that a page key moves by.
const PAGE: usize = 10;

/// The state of the view.
#[derive(Debug, Default)]
pub(super) struct App {
    pub(super) title: String, // what is watched, escaped
    pub(super) trials: Vec<WatchedTrial>,
    pub(super) table: TableState,
    pub(super) rows: Vec<MetricsRow>, // of the chosen trial
    pub(super) shows_loss: bool,
    pub(super) colors: bool,
    pub(super) problem: Option<String>, // escaped
}

/// What a key asks of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    /// Only redraw.
    Draw,
    /// The rows of another trial.
    Rows,
    /// To end.
    Leave,
}

impl App {
    /// The trial whose curves are shown.
    pub(super) fn chosen(&self) -> Option<&WatchedTrial> {
        self.trials.get(self.table.selected()?)
    }

    /// Takes newly read trials; the selected one stays selected wherever it moves.
    pub(super) fn update(&mut self, trials: Vec<WatchedTrial>) {
        let id = self.chosen().map(|trial| trial.id.clone());
        self.trials = trials;
        let place = self.trials.iter().position(|trial| Some(&trial.id) == id.as_ref());
        let place = place.or(self.table.selected()).unwrap_or(0);
        self.choose(place);
    }

    /// Handles a key.
    pub(super) fn press(&mut self, key: KeyEvent) -> Wish {
        if key.kind == KeyEventKind::Release {
            return Wish::Draw;
        }
        let is_control = key.modifiers.contains(KeyModifiers::CONTROL);
        let place = self.table.selected().unwrap_or(0);
        match key.code {
            KeyCode::Char('c' | 'd') if is_control => return Wish::Leave,
            KeyCode::Char('q') | KeyCode::Esc => return Wish::Leave,
            KeyCode::Char('l') | KeyCode::Tab => {
                self.shows_loss = !self.shows_loss;
                return Wish::Draw;
            }
            KeyCode::Down | KeyCode::Char('j') => self.choose(place.saturating_add(1)),
            KeyCode::Up | KeyCode::Char('k') => self.choose(place.saturating_sub(1)),
            KeyCode::PageDown => self.choose(place.saturating_add(PAGE)),
            KeyCode::PageUp => self.choose(place.saturating_sub(PAGE)),
            KeyCode::Home | KeyCode::Char('g') => self.choose(0),
            KeyCode::End | KeyCode::Char('G') => self.choose(usize::MAX),
            _ => return Wish::Draw,
        }
        Wish::Rows
    }

    fn choose(&mut self, place: usize) {
        let last = self.trials.len().checked_sub(1);
        self.table.select(last.map(|last| place.min(last)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::watch::trial::{samples, sort};

    fn press(app: &mut App, code: KeyCode) -> Wish {
        app.press(KeyEvent::new(code, KeyModifiers::NONE))
    }

    #[test]
    fn keys_move_within_the_list() {
        let mut app = App::default();
        assert_eq!(press(&mut app, KeyCode::Down), Wish::Rows);
        assert!(app.chosen().is_none());
        app.update(samples::sweep());
        assert_eq!(app.table.selected(), Some(0));
        for (code, place) in [
            (KeyCode::Up, 0),
            (KeyCode::Down, 1),
            (KeyCode::PageDown, 5),
            (KeyCode::Down, 5),
            (KeyCode::Char('k'), 4),
            (KeyCode::Home, 0),
            (KeyCode::End, 5),
        ] {
            assert_eq!(press(&mut app, code), Wish::Rows);
            assert_eq!(app.table.selected(), Some(place), "{code:?}");
        }
    }

    #[test]
    fn chosen_trial_stays_chosen_when_the_list_changes() {
        let mut app = App::default();
        let mut trials = samples::sweep();
        app.update(trials.clone());
        press(&mut app, KeyCode::End);
        let id = app.chosen().unwrap().id.clone();
        sort(&mut trials);
        app.update(trials.clone());
        assert_eq!(app.chosen().unwrap().id, id);
        trials.truncate(2);
        app.update(trials);
        assert_eq!(app.table.selected(), Some(1), "it is gone");
        app.update(Vec::new());
        assert!(app.chosen().is_none());
    }

    #[test]
    fn three_keys_leave() {
        let mut app = App::default();
        for code in [KeyCode::Esc, KeyCode::Char('q')] {
            assert_eq!(press(&mut app, code), Wish::Leave);
        }
        let control = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
        assert_eq!(app.press(control), Wish::Leave);
        assert_eq!(press(&mut app, KeyCode::Char('c')), Wish::Draw);
        assert_eq!(press(&mut app, KeyCode::Char('l')), Wish::Draw);
        assert!(app.shows_loss);
    }
}
