//! The list of figures, in the order in which help names them.

use crate::runs::figures::{
    FigureKind, accuracy, balanced_accuracy, best, gap, label_noise, loss, macro_f1, progress,
    test_time,
};

/// Generates [`Figure`] and the map from a figure's name to its kind.
macro_rules! figures {
    ($($figure:ident = $kind:path,)*) => {
        /// A figure of one run. Those without `best` in their name are of the compared epoch: the
        /// last one, unless `--epoch` says otherwise.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Figure {
            $(#[doc = concat!("See `", stringify!($kind), "`.")] $figure,)*
        }

        impl Figure {
            /// All of them.
            pub const ALL: &[Figure] = &[$(Figure::$figure),*];

            /// Its declaration.
            pub fn kind(self) -> &'static FigureKind {
                match self {
                    $(Figure::$figure => &$kind,)*
                }
            }
        }
    };
}

figures! {
    TrainAccuracy = accuracy::TRAIN,
    ValAccuracy = accuracy::VAL,
    TestAccuracy = accuracy::TEST,
    Gap = gap::GAP,
    ValGap = gap::VAL_GAP,
    TrainLoss = loss::TRAIN,
    ValLoss = loss::VAL,
    TestLoss = loss::TEST,
    BatchLoss = loss::BATCH,
    BestEpoch = best::EPOCH,
    BestValAccuracy = best::VAL_ACCURACY,
    BestTestAccuracy = best::TEST_ACCURACY,
    Fall = best::FALL,
    TrainCleanAccuracy = label_noise::CLEAN,
    TrainNoisyAccuracy = label_noise::NOISY,
    MacroF1 = macro_f1::MACRO_F1,
    BalancedAccuracy = balanced_accuracy::BALANCED_ACCURACY,
    ValMacroF1 = macro_f1::VAL_MACRO_F1,
    ValBalancedAccuracy = balanced_accuracy::VAL_BALANCED_ACCURACY,
    TestMirrorAccuracy = test_time::MIRROR,
    TestMirrorAndShiftAccuracy = test_time::MIRROR_AND_SHIFT,
    Epoch = progress::EPOCH,
    Seconds = progress::SECONDS,
    LearningRate = progress::LEARNING_RATE,
}
