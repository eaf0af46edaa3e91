//! The experiments, by subject.

mod cancellation;
mod pnp;
mod queues;
mod requests;
mod synchronization;

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
            queues: creation_checks_the_configuration, creation_after_the_start, a_routed_queue_is_not_deleted, a_new_queue_is_open, the_sequential_gate, the_limit_of_a_parallel_queue, retrieving, routing, no_handler_of_the_type, no_queue_at_all, empty_transfers_are_completed, empty_transfers_are_wanted, not_accepting, a_cancel_comes_before_the_next_request, stopping, stopping_and_purging, draining, purging, stale_requests_are_cancelled, a_synchronous_stop_waits, ready_notification;
            requests: forwarding, what_is_not_forwarded, forwarding_a_cancelled_request, requeueing, requeueing_is_for_manual_queues, framework_statuses_are_mapped, cleanup_precedes_completion, a_queue_goes_on_before_a_request_is_destroyed, information, buffered_reads_and_writes, direct_reads_and_writes, buffers_of_controls, requests_outlive_their_handle;
            cancellation: in_a_queue, marking_what_is_cancelled, marking_what_is_cancelled_in_a_handler, the_other_marking_never_calls_back, unmarking, unmarking_what_was_never_marked, the_callback_without_a_lock, the_callback_holds_the_lock, asking, closing_a_handle;
            synchronization: handlers_without_a_scope, handlers_of_a_queue_that_inherits, handlers_under_the_queues_lock, handlers_under_the_devices_lock, passive_handlers_under_the_queues_lock, handlers_overlap_without_a_scope, handlers_do_not_overlap_with_a_scope, device_scope, other_callbacks_without_a_lock, other_callbacks_hold_the_lock, automatic_serialization, completion_from_elsewhere_dispatches_inside, forwarding_dispatches_inside, forwarding_under_the_lock_dispatches_later, a_passive_queue_defers_to_a_worker;
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
