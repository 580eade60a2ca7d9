//! Values shared by many records, stored once.

use std::borrow::Borrow;
use std::collections::HashSet;
use std::hash::Hash;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A value that other records may share; changing it makes a copy.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Shared<T>(Arc<T>);

/// The values read so far.
#[derive(Debug)]
pub(super) struct Pool<T>(Mutex<HashSet<Shared<T>>>);

impl<T: Eq + Hash> Pool<T> {
    /// Replaces `value` by an equal value seen before, or keeps it for later.
    pub(super) fn share(&self, value: &mut Shared<T>) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match seen.get(&*value) {
            Some(same) => *value = same.clone_handle(),
            None => drop(seen.insert(value.clone_handle())),
        }
    }
}

impl<T> Default for Pool<T> {
    fn default() -> Pool<T> {
        Pool(Mutex::default())
    }
}

impl<T> Shared<T> {
    fn clone_handle(&self) -> Shared<T> {
        Shared(Arc::clone(&self.0))
    }
}

impl<T> From<T> for Shared<T> {
    fn from(value: T) -> Shared<T> {
        Shared(Arc::new(value))
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Clone> DerefMut for Shared<T> {
    fn deref_mut(&mut self) -> &mut T {
        Arc::make_mut(&mut self.0)
    }
}

/// Lets maps with such names as keys be queried with plain strings.
impl Borrow<str> for Shared<String> {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl<T: Serialize> Serialize for Shared<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Shared<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Shared<T>, D::Error> {
        T::deserialize(deserializer).map(Shared::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_are_held_once_until_one_changes() {
        let pool = Pool::default();
        let [mut a, mut b] = ["same", "same"].map(|text| Shared::from(vec![text.to_owned()]));
        pool.share(&mut a);
        pool.share(&mut b);
        assert!(Arc::ptr_eq(&a.0, &b.0));
        b.push("more".to_owned());
        assert_eq!((a.len(), b.len()), (1, 2));
        let json = serde_json::to_string(&b).unwrap();
        assert_eq!(json, r#"["same","more"]"#);
        assert_eq!(serde_json::from_str::<Shared<Vec<String>>>(&json).unwrap(), b);
    }
}
