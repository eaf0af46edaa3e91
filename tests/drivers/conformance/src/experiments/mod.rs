//! The experiments, by subject.

mod cancellation;
mod pnp;
mod queues;

use crate::experiment::Experiment;

/// What experiments are written with.
mod prelude {
    pub use crate::bench::*;
    pub use crate::callbacks;
    pub use crate::ddi::*;
    pub use crate::experiment::Callback::{self, *};
    pub use crate::experiment::{Event, Experiment, PLAIN};
    pub use crate::note;
    pub use crate::state::Kept::*;
    pub use crate::state::{add, forget, get, keep, kept, park, set, unpark};
    pub use wdk_sys::*;
}

/// The list of experiments: hands it to a macro, as `subject: name, …;`.
#[macro_export]
macro_rules! experiments {
    ($($callback:tt)+) => {
        $($callback)+! {
            queues: the_sequential_gate;
            cancellation: closing_a_handle;
            pnp: the_order_of_callbacks;
        }
    };
}

macro_rules! list {
    ($( $subject:ident: $( $name:ident ),*; )*) => {
        /// All experiments by name.
        pub static ALL: &[(&str, Experiment)] = &[$( $( (stringify!($name), $subject::$name()), )* )*];
    };
}
experiments!(list);
