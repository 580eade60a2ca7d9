//! Starts a run with the work of a shorter one: its rows, best model and state become this run's
//! own files before anything is trained.

use super::{RunWriter, Start};
use crate::error::Result;
use crate::runs::metrics::MetricsRow;
use crate::runs::record::ContinuedFrom;
use crate::sweep::continuation::{Offer, Offers, Taken};
use crate::train::Trainer;

impl RunWriter {
    /// Brings `trainer`, which is fresh, to the longest intact state on offer and saves it; none if
    /// there is none. `rows` are this run's own so far.
    pub(super) fn take_over(
        &mut self,
        trainer: &mut Trainer,
        offers: &Offers,
        rows: &[MetricsRow],
    ) -> Result<Option<Start>> {
        self.forget_shorter();
        offers.notes.iter().try_for_each(|note| self.log(note))?;
        for offer in &offers.list {
            match offer.take(trainer) {
                Ok(taken) => {
                    self.begin_with(taken, offer);
                    // From here on, a kill costs no more than usual.
                    self.checkpoint(trainer.state_mut())?;
                    return self.begin(offer.step, Some(offer.id()), rows).map(Some);
                }
                Err(problem) => {
                    self.log(&format!("run {} is not continued: {problem}", offer.id()))?;
                }
            }
        }
        Ok(None)
    }

    fn begin_with(&mut self, taken: Taken, offer: &Offer) {
        let Taken { rows, layers, timing, best_model } = taken;
        (self.rows, self.layers, self.timing) = (rows, Some(layers), timing);
        self.best_model = best_model;
        let (id, step, seconds) = (offer.id().to_owned(), offer.step, offer.seconds());
        self.earlier_seconds += seconds;
        self.record.continued_from = Some(ContinuedFrom { id, step, seconds });
    }

    /// An earlier attempt may have been killed after taking over a shorter run but before saving it.
    fn forget_shorter(&mut self) {
        if let Some(shorter) = self.record.continued_from.take() {
            self.earlier_seconds -= shorter.seconds;
        }
    }
}
