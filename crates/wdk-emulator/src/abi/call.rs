//! What every API call does before and after its body.

use super::Argument;
use super::memory::{Access, Place};
use crate::kernel::{Kernel, current};
use crate::sched::stacks::call_model;
use crate::sched::thread::Thread;
use crate::verifier::{Verdict, rules};
use std::ops::Deref;
use wdk_sys::KIRQL;

/// What the statement says of an exported function, as the entry needs it.
pub(crate) struct Entry {
    pub(crate) name: &'static str,
    pub(crate) min_irql: KIRQL,
    pub(crate) max_irql: KIRQL,
    /// Pointer parameters that may be null.
    pub(crate) optional: &'static [&'static str],
    /// Whether it has a model.
    pub(crate) modelled: fn() -> bool,
}

/// An API call in progress.
pub(crate) struct Call {
    kernel: &'static Kernel,
    thread: &'static Thread,
    /// The call that this one is made inside of.
    outer: Option<&'static str>,
    pub(crate) entry: &'static Entry,
}

impl Deref for Call {
    type Target = Kernel;

    fn deref(&self) -> &Kernel {
        self.kernel
    }
}

/// Runs the body of an API call on the model's stack, between the checks that all calls have in common.
///
/// `arguments` looks at the pointers among the arguments.
pub(crate) fn enter<R>(
    entry: &'static Entry,
    arguments: impl FnOnce(&Call),
    body: impl FnOnce(&Call) -> R,
) -> R {
    call_model(|| {
        let kernel = current();
        let thread = kernel.thread();
        let call = Call { kernel, thread, outer: thread.call.replace(Some(entry.name)), entry };
        call.begin();
        arguments(&call);
        let result = body(&call);
        call.end();
        result
    })
}

impl Call {
    /// Looks at an argument: null only where the statement allows it, and otherwise with memory behind it.
    #[inline]
    pub(super) fn argument(&self, name: &'static str, argument: impl Argument) {
        let Some(place) = argument.place() else { return };
        match place.address {
            0 => self.null_argument(name),
            _ => self.argument_memory(name, place),
        }
    }

    /// As [`argument`](Self::argument), where null is the body's business.
    #[inline]
    pub(super) fn argument_or_null(&self, name: &'static str, argument: impl Argument) {
        if let Some(place) = argument.place()
            && place.address != 0
        {
            self.argument_memory(name, place);
        }
    }

    #[inline]
    fn argument_memory(&self, name: &'static str, place: Place) {
        if !place.is_good(Access::Read) {
            self.bad_argument(name, place);
        }
    }

    #[cold]
    fn bad_argument(&self, name: &str, place: Place) {
        self.check(&format_args!("`{name}`"), place, Access::Read);
    }

    fn begin(&self) {
        self.counts.api_calls.add_one();
        let irql = self.thread.irql.get();
        if irql > self.entry.max_irql || irql < self.entry.min_irql {
            self.wrong_irql(irql);
        }
        self.trace.event(self, || format!("  {}", self.entry.name));
        self.switch_point();
    }

    fn end(&self) {
        self.thread.call.set(self.outer);
        self.deliver_dpcs();
    }

    #[cold]
    fn wrong_irql(&self, irql: KIRQL) {
        use crate::verifier::irql_name;
        let bound = if irql > self.entry.max_irql {
            format!("allowed: {} and below", irql_name(self.entry.max_irql))
        } else {
            format!("needed: {} and above", irql_name(self.entry.min_irql))
        };
        self.violation(
            &rules::irql::IRQL,
            format!("`{}` at {} ({bound})", self.entry.name, irql_name(irql)),
            rules::irql::why_raised(self),
        );
    }

    #[cold]
    fn null_argument(&self, argument: &'static str) {
        if !self.entry.optional.contains(&argument) {
            self.violation(
                &rules::handles::NULL_ARGUMENT,
                format!("`{}` was given NULL for `{argument}`", self.entry.name),
                String::new(),
            );
            // Fatal on Windows at any level.
            self.stop(Verdict::driver_bug(
                self,
                &rules::handles::NULL_ARGUMENT,
                format!("`{}` was given NULL for `{argument}`", self.entry.name),
                String::new(),
            ));
        }
    }

    /// Checks the lower ceiling that some arguments impose.
    pub(crate) fn strict_irql(&self, max: KIRQL, why: &str) {
        let irql = self.irql();
        if irql > max {
            use crate::verifier::irql_name;
            self.violation(
                &rules::irql::IRQL,
                format!(
                    "`{}` at {} (allowed: {} and below, because {why})",
                    self.entry.name,
                    irql_name(irql),
                    irql_name(max)
                ),
                rules::irql::why_raised(self),
            );
        }
    }
}

/// Stops the run at a function that has no model.
#[cold]
pub(crate) fn not_modelled(call: &Call) -> ! {
    call.stop(Verdict::not_modelled(call, call.entry.name))
}
