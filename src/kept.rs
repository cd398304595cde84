//! A value of any kind, behind which Leptos' signals and memos are compiled once.

use std::any::Any;
use std::sync::Arc;

/// A value of any kind that can be compared.
#[derive(Clone)]
pub struct Kept(Arc<dyn Value>);

impl Kept {
    pub fn new<T: PartialEq + Send + Sync + 'static>(value: T) -> Self {
        Self(Arc::new(value))
    }

    /// # Panics
    /// If it is of another kind: whoever keeps values makes them itself.
    pub fn value<T: 'static>(&self) -> &T {
        self.0
            .as_any()
            .downcast_ref()
            .expect("what is kept is of one kind")
    }
}

impl PartialEq for Kept {
    fn eq(&self, other: &Self) -> bool {
        self.0.is_equal(other.0.as_any())
    }
}

trait Value: Send + Sync {
    fn is_equal(&self, other: &dyn Any) -> bool;
    fn as_any(&self) -> &dyn Any;
}

impl<T: PartialEq + Send + Sync + 'static> Value for T {
    fn is_equal(&self, other: &dyn Any) -> bool {
        other.downcast_ref() == Some(self)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
