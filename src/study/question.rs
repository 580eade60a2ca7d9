//! The questions of a study in their order, and what the sections of an answer are about.

/// A question that a study asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Question {
    /// The baseline itself.
    Stand,
    /// Shares of the training examples.
    MoreData,
    /// Random and noisy labels.
    Memory,
    /// Other sizes of the network.
    Capacity,
    /// Other draws of the validation examples.
    Split,
    /// Every remedy alone.
    Remedies,
    /// Remedies on top of each other.
    Together,
    /// The recipe and the baseline with fresh seeds, on the test set.
    Confirm,
}

impl Question {
    /// All of them, in the order in which they are asked.
    pub const ALL: [Question; 8] = [
        Question::Stand,
        Question::MoreData,
        Question::Memory,
        Question::Capacity,
        Question::Split,
        Question::Remedies,
        Question::Together,
        Question::Confirm,
    ];

    /// The word of the command line.
    pub fn word(self) -> &'static str {
        match self {
            Question::Stand => "stand",
            Question::MoreData => "more-data",
            Question::Memory => "memory",
            Question::Capacity => "capacity",
            Question::Split => "split",
            Question::Remedies => "remedies",
            Question::Together => "together",
            Question::Confirm => "confirm",
        }
    }

    /// What is asked.
    pub fn heading(self) -> &'static str {
        match self {
            Question::Stand => "Where do I stand?",
            Question::MoreData => "More data?",
            Question::Memory => "Memory?",
            Question::Capacity => "Capacity?",
            Question::Split => "Luck of the split?",
            Question::Remedies => "What closes it?",
            Question::Together => "What do they do together?",
            Question::Confirm => "Is it true?",
        }
    }
}

/// What a section of an answer is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// A question that was asked.
    Asked(Question),
    /// What the curves of the baseline say of the length of training.
    Time,
    /// What the next hour would best be spent on.
    Next,
    /// Runs that have no figures.
    Diverged,
}

impl Topic {
    /// The title of the section.
    pub fn heading(self) -> &'static str {
        match self {
            Topic::Asked(question) => question.heading(),
            Topic::Time => "Time?",
            Topic::Next => "What next?",
            Topic::Diverged => "What diverged?",
        }
    }
}

/// A section of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// What it is about.
    pub topic: Topic,
    /// What was found.
    pub sentences: Vec<String>,
}
