//! The experiments, by subject.

mod buffers;
mod caller;
mod cancellation;
mod dispatching;
mod dpcs;
mod files;
mod finding;
mod locks;
mod memory;
mod objects;
mod pnp;
mod power;
mod queue_states;
mod queues;
mod requests;
mod synchronization;
mod timers;
mod work_items;

use crate::experiment::Experiment;

/// What experiments are written with.
mod prelude {
    pub use crate::bench::*;
    pub use crate::callbacks;
    pub use crate::ddi::*;
    pub use crate::experiment::Callback::{self, *};
    pub use crate::experiment::{Command, Event, Experiment, Hook, PLAIN};
    pub use crate::note;
    pub use crate::notebook::Buffer;
    pub use crate::state::Kept::*;
    pub use crate::state::{add, forget, get, keep, kept, park, set, unpark};
    pub use wdk_sys::*;
}

/// The list of experiments: hands it to a macro, as `subject: name, …;`.
#[macro_export]
macro_rules! experiments {
    ($($callback:tt)+) => {
        $($callback)+! {
            queues:
                creation_checks_the_configuration,
                creation_after_the_start,
                a_routed_queue_is_not_deleted,
                a_new_queue_is_open,
                retrieving,
                routing,
                no_handler_of_the_type,
                no_queue_at_all,
                not_accepting;
            dispatching:
                the_sequential_gate,
                the_limit_of_a_parallel_queue,
                a_limit_of_zero,
                empty_transfers_are_completed,
                empty_transfers_are_wanted,
                a_cancel_comes_before_the_next_request,
                completion_from_elsewhere_dispatches_inside,
                forwarding_dispatches_inside,
                forwarding_under_the_lock_dispatches_later,
                a_passive_queue_defers_to_a_worker;
            queue_states:
                stopping,
                stopping_and_purging,
                draining,
                purging,
                two_changes_of_a_kind_each,
                stale_requests_are_cancelled,
                a_synchronous_stop_waits,
                ready_notification;
            requests:
                forwarding,
                what_is_not_forwarded,
                forwarding_a_cancelled_request,
                requeueing,
                requeueing_is_for_manual_queues,
                framework_statuses_are_mapped,
                cleanup_precedes_completion,
                a_queue_goes_on_before_a_request_is_destroyed,
                information,
                requests_outlive_their_handle;
            buffers:
                buffered_reads_and_writes,
                direct_reads_and_writes,
                reads_and_writes_without_a_method,
                buffers_of_controls;
            cancellation:
                in_a_queue,
                marking_what_is_cancelled,
                marking_what_is_cancelled_in_a_handler,
                the_other_marking_never_calls_back,
                unmarking,
                unmarking_what_was_never_marked,
                the_callback_without_a_lock,
                the_callback_holds_the_lock,
                asking,
                closing_a_handle;
            synchronization:
                handlers_without_a_scope,
                handlers_of_a_queue_that_inherits,
                handlers_under_the_queues_lock,
                handlers_under_the_devices_lock,
                passive_handlers_under_the_queues_lock,
                handlers_overlap_without_a_scope,
                handlers_do_not_overlap_with_a_scope,
                device_scope,
                other_callbacks_without_a_lock,
                other_callbacks_hold_the_lock,
                automatic_serialization;
            objects:
                deletion,
                deletion_at_dispatch,
                passive_deletion_at_dispatch,
                what_cannot_be_deleted,
                deleting_a_queue_empties_it,
                attributes_are_checked,
                a_dying_parent,
                contexts,
                without_a_parent;
            timers:
                timers,
                passive_timers,
                periodic_timers,
                stopping_a_timer_with_a_wait,
                stopping_a_timer_in_its_callback,
                a_serialized_timer_completes_a_request;
            work_items:
                work_items,
                flushing_in_the_callback,
                a_work_item_overlaps_itself,
                a_serialized_work_item_does_not;
            dpcs:
                dpcs,
                dpcs_are_waited_for;
            locks:
                wait_locks,
                waiting_for_a_wait_lock;
            files:
                the_life_of_a_file,
                a_refused_open,
                a_create_request_can_be_kept,
                an_open_that_waits,
                an_open_that_is_cancelled,
                an_exclusive_device,
                a_queue_for_opens,
                no_file_objects,
                file_objects_without_callbacks,
                file_callbacks_of_a_dispatch_level_device,
                file_callbacks_with_the_queues_scope,
                file_callbacks_of_a_passive_level_device;
            finding:
                requests_of_a_file,
                finding_requests,
                finding_is_for_manual_queues;
            memory:
                copies,
                memory_of_the_drivers;
            caller:
                requests_pass_the_callers_context,
                buffers_of_the_program,
                the_programs_buffers_outside_its_context;
            pnp:
                the_order_of_callbacks,
                surprise_removal,
                surprise_removal_of_an_open_device,
                a_queue_without_power_management_goes_on,
                surprise_removal_of_a_sleeping_device,
                a_failed_prepare,
                a_failed_d0_entry,
                a_failure_after_interrupts_are_enabled,
                a_failed_init_of_self_managed_io,
                a_refused_removal,
                queues_are_open_around_self_managed_io;
            power:
                a_suspended_request,
                a_request_that_is_given_back,
                what_arrives_while_the_device_sleeps,
                stopping_a_cancelable_request,
                a_surprise_purges_queues,
                stopping_a_cancelled_request,
                stopping_without_a_callback;
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
