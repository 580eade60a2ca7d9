//! The trial in a run's record. Runs of one sweep share most tables, so thousands of runs store
//! them once.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::runs::shared::{Pool, Shared};

/// The keys by which replicates of one config differ, each after its table: the seed, and the part of `dataset.folds`
/// that validates.
pub const REPLICATE_KEYS: [(&str, &str); 2] = [("training", "seeds"), ("dataset", "fold")];

/// Removes the names of a network's layers, because they do not affect the result.
pub fn forget_names(block: &mut Value) {
    let layers = block.get_mut("layers").and_then(Value::as_array_mut);
    for layer in layers.into_iter().flatten() {
        layer.as_object_mut().map(|keys| keys.remove("name"));
        forget_names(layer);
    }
}

/// Which replicate of its config a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReplicateName {
    /// The trial's one seed.
    pub seed: u64,
    /// The part of `dataset.folds` that validates, if it has folds.
    pub fold: Option<u64>,
}

/// `seed 3`, and with folds `seed 3, fold 1`.
impl fmt::Display for ReplicateName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "seed {}", self.seed)?;
        self.fold.map_or(Ok(()), |fold| write!(f, ", fold {fold}"))
    }
}

/// A trial as nested tables, by the names of the outer ones.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TrialTables(Shared<BTreeMap<Shared<String>, Shared<Value>>>);

/// The names and tables read so far.
#[derive(Debug, Default)]
pub(super) struct TablePool {
    names: Pool<String>,
    tables: Pool<Value>,
}

impl TrialTables {
    /// The table of this name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).map(|table| &**table)
    }

    /// The value under a JSON pointer such as `/network/kind`.
    pub fn pointer(&self, pointer: &str) -> Option<&Value> {
        let path = pointer.strip_prefix('/')?;
        let mut names = path.split('/');
        let table = self.get(names.next()?)?;
        // No key of a trial contains a character that a pointer would escape.
        names.try_fold(table, |value, name| match value {
            Value::Object(inner) => inner.get(name),
            Value::Array(list) => list.get(name.parse::<usize>().ok()?),
            _ => None,
        })
    }

    /// Whether two trials have the same table of this name, or neither has one.
    pub(crate) fn has_same(&self, other: &TrialTables, name: &str) -> bool {
        self.0.get(name) == other.0.get(name)
    }

    /// The trial's one seed.
    pub fn seed(&self) -> Option<u64> {
        self.pointer("/training/seeds/0")?.as_u64()
    }

    /// Which replicate of its config it is; none if it has no seed.
    pub fn replicate(&self) -> Option<ReplicateName> {
        Some(ReplicateName { seed: self.seed()?, fold: self.fold() })
    }

    /// The part of `dataset.folds` that validates.
    pub fn fold(&self) -> Option<u64> {
        self.pointer("/dataset/fold")?.as_u64()
    }

    /// The number of parts that the training examples are divided into.
    pub fn folds(&self) -> Option<u64> {
        self.pointer("/dataset/folds")?.as_u64()
    }

    /// Names and tables, in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, table)| (name.as_str(), &**table))
    }

    /// All tables in one value.
    pub fn value(&self) -> Value {
        let tables = self.iter().map(|(name, table)| (name.to_owned(), table.clone()));
        Value::Object(tables.collect::<Map<_, _>>())
    }

    /// Shares equal names and tables with `pool` and adds the others to it.
    pub(super) fn share(&mut self, pool: &TablePool) {
        let shared = std::mem::take(&mut *self.0).into_iter().map(|(mut name, mut table)| {
            pool.names.share(&mut name);
            pool.tables.share(&mut table);
            (name, table)
        });
        self.0 = shared.collect::<BTreeMap<_, _>>().into();
    }
}

/// A value that is not an object has no tables.
impl From<Value> for TrialTables {
    fn from(value: Value) -> TrialTables {
        let Value::Object(tables) = value else { return TrialTables::default() };
        let tables = tables.into_iter().map(|(name, table)| (name.into(), table.into()));
        TrialTables(tables.collect::<BTreeMap<_, _>>().into())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn trial(seed: u64) -> Value {
        json!({"training": {"seeds": [seed]}, "network": {"kind": "mlp", "sizes": [10, 5]}})
    }

    #[test]
    fn tables_come_back_from_json() {
        let tables = TrialTables::from(trial(7));
        let read: TrialTables = serde_json::from_str(&json!(tables).to_string()).unwrap();
        assert_eq!((&read, read.value(), read.seed()), (&tables, trial(7), Some(7)));
        assert_eq!(read.pointer("/network/sizes/1"), Some(&json!(5)));
        assert_eq!(read.pointer("/network"), read.get("network"));
        assert_eq!((read.pointer(""), read.pointer("/optimizer/kind")), (None, None));
        let error = serde_json::from_str::<TrialTables>("5").unwrap_err().to_string();
        assert!(error.starts_with("invalid type: integer `5`, expected a map"), "{error}");
    }

    #[test]
    fn runs_share_what_is_the_same() {
        let pool = TablePool::default();
        let [mut a, mut b] = [1, 2].map(|seed| TrialTables::from(trial(seed)));
        let before = (a.clone(), b.clone());
        a.share(&pool);
        b.share(&pool);
        let is_same = |name| std::ptr::eq(a.get(name).unwrap(), b.get(name).unwrap());
        assert!(is_same("network") && !is_same("training"));
        assert_eq!((a, b), before);
    }
}
