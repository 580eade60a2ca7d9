//! The protocol of `runner study`: a fixed series of questions about one config, the baseline, each an experiment of
//! its own; and what the answers decide. Every decision is a function of the figures of runs and of the study's
//! file: never of a clock, of the number of jobs or of the order in which they end.

mod answer;
mod answers;
mod budget;
mod capacity;
mod combination;
mod confirmed;
mod file;
mod findings;
mod limits;
mod memory;
mod more_data;
mod plan;
mod power;
mod priced;
mod protocol;
mod question;
mod remedies;
mod sheet;
mod splits;
mod stand;
#[cfg(test)]
mod tests;
mod together;

pub use answer::Answer;
pub use answers::{Answers, Lab, Outcome};
pub use budget::{Budget, FEWEST_FRESH, MOST_FRESH, time_in_words};
pub use capacity::{Capacity, Size};
pub use combination::on_top_of;
pub use confirmed::{Confirmed, FIRST_FRESH, first_fresh_seed};
pub use file::{Decision, StudyFile};
pub use findings::{Diverged, Figures, Findings};
pub use limits::Limits;
pub use memory::Memory;
pub use more_data::{Law, MoreData, NoLaw};
pub use plan::{BillLine, Plan};
pub use power::{seeds_to_find, smallest_found};
pub use protocol::study;
pub use question::{Question, Section, Topic};
pub use remedies::{Gain, Tried};
pub use sheet::{Change, Sheet, SheetTrials, sheet_name};
pub use splits::SplitLuck;
use stand::AS_GOOD;
pub use stand::Stand;
pub use together::{Kept, Recipe};
