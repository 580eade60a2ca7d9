//! Which of an archive's labels to learn, where it has several.

use crate::config::keys::words;

words! {
    /// Which labels of CIFAR-100 to learn.
    pub enum Cifar100Labels {
        /// 100 classes.
        Fine = "fine",
        /// 20 superclasses.
        Coarse = "coarse",
    }
}
