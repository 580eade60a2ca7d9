//! Keys of tables, each declared once: its name, meaning, values and default. Readers, writers, the
//! schema and the documentation's table of keys are derived from this.

mod facts;
mod presets;
mod scalars;
mod tables;
mod tagged;
mod word;
mod written;

use super::{Entry, TableReader, Value};

pub use facts::{KeyFacts, KindFacts, Preset, TableFacts, ValueKind};
pub use presets::{LaterKey, OneOf, Optional, Or, Required, SameAs, WhenAbsent};
pub use scalars::{Real, Scalar, flag, number, path, seeds, text, texts, whole, wholes};
pub use tables::{table, tables};
pub use tagged::{KindOf, Kinds, kind, read_kind};
pub use word::{Word, word, word_of};
pub use written::{Entries, Written};

/// A table of an experiment file. [`crate::config`]'s macros `config!` and `kinds!` implement it.
pub trait ConfigTable: Clone + PartialEq + Sized + 'static {
    /// Reads the table's keys, with a diagnostic for whatever is wrong.
    fn read(table: &mut TableReader<'_>) -> Self;
    /// Every key without a value in the file. Required keys have a placeholder value.
    fn unset() -> Self;
    /// What a file would contain, in the order of the keys.
    fn entries(&self) -> Entries;
    /// The keys that it may have.
    fn facts() -> TableFacts;
}

/// How the value of a key is read into a field of type `T` of a config, and written.
pub trait Spec<Config, T> {
    /// The value in the file, or the default; `so_far` has the keys before it.
    fn read(&self, table: &mut TableReader<'_>, key: &'static str, so_far: &Config) -> T;
    /// The value if the file has none.
    fn unset(&self) -> T;
    /// Adds what a file would contain.
    fn write(&self, key: &'static str, value: &T, to: &mut Entries);
    /// The facts of the key.
    fn facts(&self) -> (ValueKind, Preset);
    /// Whether it was introduced after a release: a trial omits it while it has its default, and so
    /// keeps its id.
    fn is_left_out(&self) -> bool {
        false
    }
}

/// One key of a config.
pub struct Key<Config: 'static> {
    /// As in the file.
    pub name: &'static str,
    /// Its meaning: the lines of the field's documentation.
    pub words: &'static [&'static str],
    /// Reads it into its field.
    pub read: fn(&mut TableReader<'_>, &mut Config),
    /// Adds what a file would contain.
    pub write: fn(&Config, &mut Entries),
    /// Its facts, and whether it is omitted while it has its default.
    pub facts: fn() -> (ValueKind, Preset, bool),
}

impl<Config> Key<Config> {
    /// Its facts.
    pub fn describe(&self) -> KeyFacts {
        let (kind, preset, is_left_out) = (self.facts)();
        KeyFacts { name: self.name, words: paragraph(self.words), kind, preset, is_left_out }
    }
}

/// Takes keys that are `false` for absent: those that may be absent, and for which `false` is no value.
pub fn switch_off<Config>(table: &mut TableReader<'_>, keys: &'static [Key<Config>]) {
    let is_false = |entry: &&Entry| entry.node.value == Value::Boolean(false);
    let falses = table.table.entries.iter().filter(is_false);
    let named = falses.filter_map(|entry| keys.iter().find(|key| key.name == entry.key));
    let can_be = |key: &&Key<Config>| key.describe().can_be_switched_off();
    table.switched_off.extend(named.filter(can_be).map(|key| key.name));
}

/// Lines of documentation as one text.
pub fn paragraph(lines: &[&str]) -> String {
    lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")
}

/// Declares a config: a struct in which each field is a key, with its [`Spec`] after `=`. The
/// documentation of a field is the meaning of the key. Fields `beside` the keys are not in the
/// file. The function named by `then` gets the config that was read, to check its consistency and
/// to fill in derived values.
macro_rules! config {
    (
        $(#[doc = $doc:literal])*
        $(#[derive($($derived:ident),*)])?
        $vis:vis struct $Config:ident {
            $($(#[doc = $words:literal])* $key_vis:vis $key:ident : $type:ty = $spec:expr),* $(,)?
        }
        $(beside {
            $($(#[doc = $beside_doc:literal])* $beside_vis:vis $beside:ident : $beside_type:ty),* $(,)?
        })?
        $(then $complete:expr)?
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq $(, $($derived),*)?)]
        $vis struct $Config {
            $($(#[doc = $words])* $key_vis $key: $type,)*
            $($($(#[doc = $beside_doc])* $beside_vis $beside: $beside_type,)*)?
        }

        impl $Config {
            const KEYS: &'static [$crate::config::keys::Key<$Config>] = &[
                $($crate::config::keys::Key {
                    name: stringify!($key),
                    words: &[$($words),*],
                    read: |table, config| {
                        let spec = $spec;
                        config.$key = $crate::config::keys::Spec::<$Config, $type>::read(
                            &spec, table, stringify!($key), config,
                        );
                    },
                    write: |config, to| {
                        let spec = $spec;
                        $crate::config::keys::Spec::<$Config, $type>::write(
                            &spec, stringify!($key), &config.$key, to,
                        );
                    },
                    facts: || {
                        let spec = $spec;
                        let (kind, preset) =
                            $crate::config::keys::Spec::<$Config, $type>::facts(&spec);
                        let is_left_out =
                            $crate::config::keys::Spec::<$Config, $type>::is_left_out(&spec);
                        (kind, preset, is_left_out)
                    },
                },)*
            ];
        }

        impl $crate::config::keys::ConfigTable for $Config {
            fn read(table: &mut $crate::config::TableReader<'_>) -> $Config {
                #[allow(unused_mut, reason = "a config may have no keys")]
                let mut config = <$Config as $crate::config::keys::ConfigTable>::unset();
                $crate::config::keys::switch_off(table, $Config::KEYS);
                $Config::KEYS.iter().for_each(|key| (key.read)(table, &mut config));
                $(let complete: fn($Config, &mut $crate::config::TableReader<'_>) -> $Config = $complete;
                let config = complete(config, table);)?
                config
            }

            fn unset() -> $Config {
                $Config {
                    $($key: {
                        let spec = $spec;
                        $crate::config::keys::Spec::<$Config, $type>::unset(&spec)
                    },)*
                    $($($beside: Default::default(),)*)?
                }
            }

            fn entries(&self) -> $crate::config::keys::Entries {
                #[allow(unused_mut, reason = "a config may have no keys")]
                let mut entries = $crate::config::keys::Entries::default();
                $Config::KEYS.iter().for_each(|key| (key.write)(self, &mut entries));
                entries
            }

            fn facts() -> $crate::config::keys::TableFacts {
                let words = $crate::config::keys::paragraph(&[$($doc),*]);
                $crate::config::keys::TableFacts::new(stringify!($Config), words, $Config::KEYS)
            }
        }

        impl Default for $Config {
            fn default() -> $Config {
                <$Config as $crate::config::keys::ConfigTable>::unset()
            }
        }

        impl serde::Serialize for $Config {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::config::keys::ConfigTable::entries(self).serialize(serializer)
            }
        }
    };
}
pub(crate) use config;

/// Declares the kinds of a table, in the order of the documentation, with the trait that all of
/// them implement, if one is named: an enum with a config for each. The key `kind` of the file has
/// the word, and the config's keys are next to it.
macro_rules! kinds {
    (@facts) => {
        $crate::config::keys::TableFacts::empty
    };
    (@facts $Config:ty) => {
        <$Config as $crate::config::keys::ConfigTable>::facts
    };
    (@entries) => {
        $crate::config::keys::Entries::default()
    };
    (@entries $config:ident) => {
        $crate::config::keys::ConfigTable::entries($config)
    };
    (
        $(#[doc = $doc:literal])*
        $(#[derive($($derived:ident),*)])?
        $vis:vis enum $Kinds:ident: $Trait:path {
            $($(#[doc = $words:literal])* $name:literal => $Kind:ident($config:ident: $Config:ty)),*
            $(,)?
        }
    ) => {
        $crate::config::keys::kinds! {
            $(#[doc = $doc])*
            $(#[derive($($derived),*)])?
            $vis enum $Kinds {
                $($(#[doc = $words])* $name => $Kind($config: $Config),)*
            }
        }

        impl $Kinds {
            /// The trait of all kinds.
            $vis fn as_kind(&self) -> &dyn $Trait {
                match self {
                    $($Kinds::$Kind($config) => $config,)*
                }
            }
        }

        $(impl From<$Config> for $Kinds {
            fn from(config: $Config) -> $Kinds {
                $Kinds::$Kind(config)
            }
        })*
    };
    (
        $(#[doc = $doc:literal])*
        $(#[derive($($derived:ident),*)])?
        $vis:vis enum $Kinds:ident {
            $($(#[doc = $words:literal])* $name:literal => $Kind:ident
                $({ $($empty:tt)* })? $(($config:ident : $Config:ty))?),* $(,)?
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq $(, $($derived),*)?)]
        $vis enum $Kinds {
            $($(#[doc = $words])* $Kind $({ $($empty)* })? $(($Config))?,)*
        }

        impl $crate::config::keys::Kinds for $Kinds {
            const KINDS: &'static [$crate::config::keys::KindOf<$Kinds>] = &[
                $($crate::config::keys::KindOf {
                    name: $name,
                    words: &[$($words),*],
                    read: |_table| {
                        $Kinds::$Kind $({ $($empty)* })?
                            $((<$Config as $crate::config::keys::ConfigTable>::read(_table)))?
                    },
                    unset: || {
                        $Kinds::$Kind $({ $($empty)* })?
                            $((<$Config as $crate::config::keys::ConfigTable>::unset()))?
                    },
                    facts: $crate::config::keys::kinds!(@facts $($Config)?),
                },)*
            ];

            fn kind(&self) -> &'static str {
                match self {
                    $($Kinds::$Kind { .. } => $name,)*
                }
            }

            fn keys_of_kind(&self) -> $crate::config::keys::Entries {
                match self {
                    $($Kinds::$Kind $({ $($empty)* })? $(($config))? => {
                        $crate::config::keys::kinds!(@entries $($config)?)
                    })*
                }
            }
        }

        impl $crate::config::keys::ConfigTable for $Kinds {
            fn read(table: &mut $crate::config::TableReader<'_>) -> $Kinds {
                $crate::config::keys::read_kind(table)
            }

            fn unset() -> $Kinds {
                (<$Kinds as $crate::config::keys::Kinds>::KINDS[0].unset)()
            }

            fn entries(&self) -> $crate::config::keys::Entries {
                $crate::config::keys::Kinds::all_entries(self)
            }

            fn facts() -> $crate::config::keys::TableFacts {
                let words = $crate::config::keys::paragraph(&[$($doc),*]);
                $crate::config::keys::TableFacts::of_kinds::<$Kinds>(stringify!($Kinds), words)
            }
        }

        impl $Kinds {
            /// Its word in `kind`.
            #[allow(dead_code, reason = "not every table is asked for its kind")]
            $vis fn kind(&self) -> &'static str {
                $crate::config::keys::Kinds::kind(self)
            }
        }

        impl serde::Serialize for $Kinds {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::config::keys::ConfigTable::entries(self).serialize(serializer)
            }
        }
    };
}
pub(crate) use kinds;

/// Declares a config with the keys of another.
macro_rules! wraps {
    ($(#[doc = $doc:literal])* $vis:vis struct $Config:ident($Keys:ty);) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq, Default)]
        $vis struct $Config(pub $Keys);

        impl $crate::config::keys::ConfigTable for $Config {
            fn read(table: &mut $crate::config::TableReader<'_>) -> $Config {
                $Config(<$Keys as $crate::config::keys::ConfigTable>::read(table))
            }

            fn unset() -> $Config {
                $Config(<$Keys as $crate::config::keys::ConfigTable>::unset())
            }

            fn entries(&self) -> $crate::config::keys::Entries {
                $crate::config::keys::ConfigTable::entries(&self.0)
            }

            fn facts() -> $crate::config::keys::TableFacts {
                <$Keys as $crate::config::keys::ConfigTable>::facts()
            }
        }
    };
}
pub(crate) use wraps;

/// Declares a choice: an enum with a word in the file for each, in the order of the documentation.
macro_rules! words {
    (
        $(#[doc = $doc:literal])*
        $(#[derive($($derived:ident),*)])?
        $vis:vis enum $Choice:ident {
            $($(#[doc = $words:literal])* $Word:ident = $name:literal),* $(,)?
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash $(, $($derived),*)?)]
        $vis enum $Choice {
            $($(#[doc = $words])* $Word,)*
        }

        impl $crate::config::keys::Word for $Choice {
            const WORDS: &'static [(&'static str, $Choice, &'static [&'static str])] =
                &[$(($name, $Choice::$Word, &[$($words),*])),*];
        }

        impl $Choice {
            /// The word in the file.
            #[allow(dead_code, reason = "not every choice is asked for its word")]
            $vis fn name(self) -> &'static str {
                match self {
                    $($Choice::$Word => $name,)*
                }
            }
        }

        impl serde::Serialize for $Choice {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }
    };
}
pub(crate) use words;
