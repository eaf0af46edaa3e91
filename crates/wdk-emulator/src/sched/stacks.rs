//! The two stacks of a kernel thread.
//!
//! Driver code runs on a stack of the size that Windows gives kernel threads; the model runs on one of its own,
//! so that the emulator's frames do not eat the driver's stack. Both are coroutines:
//!
//! * the *model* coroutine is resumed by the scheduler and runs the work of the thread;
//! * the *driver* coroutine is resumed by the model to run a callback, and suspends back to it for every API
//!   call and when the callback returns. A callback that runs inside an API call (a handler inside
//!   `WdfRequestForwardToIoQueue`) runs deeper on the same driver stack, as it does in Windows.
//!
//! A run that has stopped unwinds its model stacks, which hold only the emulator's frames, and resets its
//! driver stacks without unwinding them: driver frames may be C.

use super::thread::Job;
use corosensei::stack::DefaultStack;
use corosensei::trap::CoroutineTrapHandler;
use corosensei::{Coroutine, CoroutineResult, Yielder};
use std::cell::{Cell, RefCell, UnsafeCell};
use std::mem::{ManuallyDrop, MaybeUninit};
use wdk_sys::binding::Binding;
use wdk_sys::linked::Runtime;

/// Size of a kernel thread's stack on x64 Windows.
pub(crate) const DRIVER_STACK: usize = if cfg!(wdk_sanitizer) { SANITIZED_STACK } else { 24 * 1024 };
/// Redzones and the sanitizer's own frames make code take several times the stack.
const SANITIZED_STACK: usize = 256 * 1024;
/// What the model may use. Committed page by page as it is touched.
const MODEL_STACK: usize = 512 * 1024;

/// A call in either direction. Its frame is valid while the side that made it is suspended.
struct Call {
    run: unsafe fn(*mut ()),
    frame: *mut (),
}

impl Call {
    /// # Safety
    ///
    /// Once, while the side that made it is suspended.
    unsafe fn run(self) {
        // SAFETY: `frame` is what `run` was made for, and as the caller promises.
        unsafe { (self.run)(self.frame) }
    }
}

/// What one side asks the other to do, and what comes of it.
struct Frame<F, R> {
    body: ManuallyDrop<F>,
    result: MaybeUninit<R>,
}

impl<F: FnOnce() -> R, R> Frame<F, R> {
    fn new(body: F) -> Self {
        Self { body: ManuallyDrop::new(body), result: MaybeUninit::uninit() }
    }

    /// The call that runs the body, once, and stores the result.
    fn call(&mut self) -> Call {
        unsafe fn run<F: FnOnce() -> R, R>(frame: *mut ()) {
            // SAFETY: `Call::run`'s caller promises that the frame is there and nobody else uses it.
            let frame = unsafe { &mut *frame.cast::<Frame<F, R>>() };
            // SAFETY: run once.
            let body = unsafe { ManuallyDrop::take(&mut frame.body) };
            frame.result.write(body());
        }
        Call { run: run::<F, R>, frame: (&raw mut *self).cast() }
    }

    /// # Safety
    ///
    /// The call has run.
    unsafe fn result(self) -> R {
        // SAFETY: the call has stored it.
        unsafe { self.result.assume_init() }
    }
}

enum ToDriver {
    Invoke(Call),
    Resume,
}

enum ToModel {
    Api(Call),
    Returned,
}

/// Why driver code stopped without returning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It ran into the guard page below its stack.
    StackOverflow,
    /// It touched memory that it may not touch.
    AccessViolation {
        /// The address is below the first 64 KiB: a null pointer with an offset.
        null: bool,
    },
    /// It executed an instruction that does not exist (`ud2`, Rust's abort).
    IllegalInstruction,
    /// It divided by zero, or overflowed a division.
    Divide,
    /// It executed a breakpoint.
    Breakpoint,
    /// It made a system call of the host, which a filter of this process refused.
    SystemCall {
        /// The number in `eax`; with bit 30 set it is one of the x32 convention.
        number: u32,
    },
}

/// Why the model side gave up the processor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Switch {
    /// It can go on at any time.
    Preempted,
    /// It waits; somebody wakes it.
    Blocked,
    /// It spins on a lock that another processor holds.
    Spinning,
    /// It has no work.
    Idle,
    /// The run is over.
    Stopped,
}

type DriverCoroutine = Coroutine<ToDriver, ToModel, Fault, DefaultStack>;
type ModelCoroutine = Coroutine<*const Stacks, Switch, (), DefaultStack>;

/// The stacks of one thread. They stay at one address from the first time that they run.
///
/// # Invariants
///
/// 1. `model` is borrowed by [`resume`](Self::resume) and `driver` by [`drive`](Self::drive), for the time of one
///    switch there and back, and by [`abandon`](Self::abandon), which nothing on these stacks calls. While a coroutine
///    is switched to, neither resumes itself: the model's is resumed by the scheduler only, outside all threads, and
///    the driver's by the model, which runs only while the driver's is suspended.
pub(crate) struct Stacks {
    model: UnsafeCell<Option<ModelCoroutine>>,
    model_yielder: Cell<*const Yielder<*const Stacks, Switch>>,
    driver: UnsafeCell<Option<DriverCoroutine>>,
    driver_yielder: Cell<*const Yielder<ToDriver, ToModel>>,
    /// Trap handler of the driver coroutine.
    trap: Cell<Option<CoroutineTrapHandler<Fault>>>,
    job: Cell<Option<Job>>,
    /// Whose code runs on the driver's stack.
    context: Cell<Option<Context>>,
}

/// A driver as the host's thread has to know it while its code runs.
#[derive(Clone, Copy)]
pub(crate) struct Context {
    /// The driver's copy of the linked runtime; an image has none.
    pub(crate) runtime: Option<Runtime>,
    pub(crate) binding: *mut Binding,
    /// The driver's image; null for a linked driver.
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    pub(crate) image: *const crate::image::Image,
}

thread_local! {
    /// Stacks of finished threads, for the next ones: creating a machine should not cost a system call.
    static SPARE: RefCell<(Vec<DefaultStack>, Vec<DefaultStack>)> = const { RefCell::new((Vec::new(), Vec::new())) };
    /// The binding that is current on this thread.
    static ENTERED: Cell<*mut Binding> = const { Cell::new(std::ptr::null_mut()) };
    /// The stacks whose driver code this thread executes now, or null.
    static IN_DRIVER: Cell<*const Stacks> = const { Cell::new(std::ptr::null()) };
}

/// Makes sure that a binding which is about to go is not current.
pub(crate) fn forget(context: Context) {
    if ENTERED.get() == context.binding {
        ENTERED.set(std::ptr::null_mut());
        if let Some(runtime) = context.runtime {
            // SAFETY: null is no binding.
            unsafe { runtime.enter(std::ptr::null_mut()) };
        }
    }
}

/// Whether this thread is executing driver code now.
pub(crate) fn in_driver() -> bool {
    !IN_DRIVER.get().is_null()
}

/// The trap handler for a fault at the given stack pointer, if driver code is running there.
pub(crate) fn trap_handler(stack_pointer: usize) -> Option<CoroutineTrapHandler<Fault>> {
    // SAFETY: `drive` sets it for the time that it switches to these stacks, and is borrowed from them.
    let stacks = unsafe { IN_DRIVER.get().as_ref() }?;
    stacks.trap.get().filter(|handler| handler.stack_ptr_in_bounds(stack_pointer))
}

/// Where a driver's stack is.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
#[derive(Clone, Copy)]
pub(crate) struct Bounds(CoroutineTrapHandler<Fault>);

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
impl Bounds {
    /// Whether both addresses lie in the part of the stack that may be accessed, above the guard page.
    pub(crate) fn usable(&self, first: usize, last: usize) -> bool {
        const GUARD: usize = 4096;
        let inside = |address: usize| {
            self.0.stack_ptr_in_bounds(address) && self.0.stack_ptr_in_bounds(address.wrapping_sub(GUARD))
        };
        inside(first) && inside(last)
    }
}

/// The driver's stack that runs now.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
pub(crate) fn running_bounds() -> Option<Bounds> {
    // SAFETY: as in `trap_handler`.
    let stacks = unsafe { IN_DRIVER.get().as_ref() }?;
    stacks.driver_bounds()
}

fn stack(size: usize) -> DefaultStack {
    let spare = SPARE.with_borrow_mut(|(drivers, models)| match size {
        DRIVER_STACK => drivers.pop(),
        _ => models.pop(),
    });
    spare.unwrap_or_else(|| DefaultStack::new(size).expect("no memory for a thread's stack"))
}

impl Stacks {
    pub(crate) fn new() -> Self {
        Self {
            model: UnsafeCell::new(None),
            model_yielder: Cell::new(std::ptr::null()),
            driver: UnsafeCell::new(None),
            driver_yielder: Cell::new(std::ptr::null()),
            trap: Cell::new(None),
            job: Cell::new(None),
            context: Cell::new(None),
        }
    }

    /// Gives an idle thread its next work.
    pub(crate) fn set_job(&self, job: Job) {
        let previous = self.job.replace(Some(job));
        assert!(previous.is_none(), "a thread got work while it had some");
    }

    /// Runs the thread until it gives up the processor.
    pub(crate) fn resume(&self) -> Switch {
        // SAFETY: invariant 1.
        let model = unsafe { &mut *self.model.get() };
        let coroutine = model.get_or_insert_with(|| ModelCoroutine::with_stack(stack(MODEL_STACK), run_jobs));
        let outer = IN_DRIVER.replace(std::ptr::null());
        let result = coroutine.resume(self);
        IN_DRIVER.set(outer);
        match result {
            CoroutineResult::Yield(switch) => switch,
            CoroutineResult::Return(()) => unreachable!("the model's loop never ends"),
        }
    }

    /// Gives up the processor. Called on the model's stack only.
    pub(crate) fn switch(&self, why: Switch) {
        let yielder = self.model_yielder.get();
        // SAFETY: set when the coroutine started; it is on that coroutine's stack, where this runs.
        let yielder = unsafe { &*yielder };
        yielder.suspend(why);
    }

    /// Runs `body` on the driver's stack, serving the API calls it makes. Called on the model's stack only.
    pub(crate) fn call_driver<R>(&self, body: impl FnOnce() -> R) -> Result<R, Fault> {
        let mut frame = Frame::new(body);
        self.drive(frame.call())?;
        // SAFETY: `drive` comes back without a fault when the driver's side has run it.
        Ok(unsafe { frame.result() })
    }

    /// Sets whose code runs next on the driver's stack, and returns whose ran before.
    pub(crate) fn set_context(&self, context: Option<Context>) -> Option<Context> {
        self.context.replace(context)
    }

    /// Whose code runs on the driver's stack.
    pub(crate) fn context(&self) -> Option<Context> {
        self.context.get()
    }

    /// The driver's stack, for whoever reads it while it is suspended.
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    pub(crate) fn driver_bounds(&self) -> Option<Bounds> {
        self.trap.get().map(Bounds)
    }

    fn drive(&self, invoke: Call) -> Result<(), Fault> {
        let mut message = ToDriver::Invoke(invoke);
        loop {
            if let Some(context) = self.context.get()
                && ENTERED.get() != context.binding
            {
                if let Some(runtime) = context.runtime {
                    // SAFETY: the machine keeps the binding of a loaded driver; `forget` clears it before it goes.
                    unsafe { runtime.enter(context.binding) };
                }
                ENTERED.set(context.binding);
            }
            // SAFETY: invariant 1; the borrow ends before an API call's body runs.
            let driver = unsafe { &mut *self.driver.get() };
            let coroutine = driver.get_or_insert_with(|| {
                let coroutine = DriverCoroutine::with_stack(stack(DRIVER_STACK), serve);
                self.trap.set(Some(coroutine.trap_handler()));
                coroutine
            });
            #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
            let running = crate::image::registry::Running::new(
                self.context.get().map_or(std::ptr::null(), |context| context.image),
            );
            IN_DRIVER.set(self);
            let result = coroutine.resume(message);
            IN_DRIVER.set(std::ptr::null());
            #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
            drop(running);
            match result {
                CoroutineResult::Yield(ToModel::Api(body)) => {
                    // SAFETY: the driver's side is suspended in `call_model`, which owns what this points to.
                    unsafe { body.run() };
                    message = ToDriver::Resume;
                }
                CoroutineResult::Yield(ToModel::Returned) => return Ok(()),
                CoroutineResult::Return(fault) => return Err(fault),
            }
        }
    }

    /// Resets a stopped thread: unwinds the model's stack and abandons the driver's.
    pub(crate) fn abandon(&self) {
        self.job.take();
        // SAFETY: invariant 1.
        let model = unsafe { &mut *self.model.get() };
        if let Some(mut model) = model.take() {
            if model.started() && !model.done() {
                model.force_unwind();
            }
            let stack = model.into_stack();
            SPARE.with_borrow_mut(|(_, models)| models.push(stack));
        }
        // SAFETY: invariant 1.
        let driver = unsafe { &mut *self.driver.get() };
        if let Some(mut driver) = driver.take() {
            // SAFETY: what the frames own is leaked. None of it is the emulator's: API calls keep what they own
            // on the model's stack, and the two closures on the driver's stack own nothing once invoked.
            unsafe { driver.force_reset() };
            let stack = driver.into_stack();
            SPARE.with_borrow_mut(|(drivers, _)| drivers.push(stack));
        }
    }
}

impl Drop for Stacks {
    fn drop(&mut self) {
        self.abandon();
    }
}

/// The model coroutine: runs jobs as they come.
fn run_jobs(yielder: &Yielder<*const Stacks, Switch>, stacks: *const Stacks) {
    // SAFETY: the stacks own this coroutine and stay where they are.
    let stacks = unsafe { &*stacks };
    stacks.model_yielder.set(yielder);
    loop {
        match stacks.job.take() {
            Some(job) => job.run(),
            None => {
                yielder.suspend(Switch::Idle);
            }
        }
    }
}

/// The driver coroutine: runs callbacks as they come.
fn serve(yielder: &Yielder<ToDriver, ToModel>, first: ToDriver) -> Fault {
    // SAFETY: `drive` sets it for the time that it switches here.
    unsafe { (*IN_DRIVER.get()).driver_yielder.set(yielder) };
    let mut message = first;
    loop {
        if let ToDriver::Invoke(call) = message {
            // SAFETY: the model's side is suspended in `drive`, whose caller owns what this points to.
            unsafe { call.run() };
        }
        message = yielder.suspend(ToModel::Returned);
    }
}

/// Runs `body` on the model's stack. Called on a driver's stack only.
pub(crate) fn call_model<R>(body: impl FnOnce() -> R) -> R {
    // SAFETY: null, or the stacks that `drive` has switched to, on which this runs.
    let stacks = unsafe { IN_DRIVER.get().as_ref() }.expect("called outside a driver's callbacks");
    // SAFETY: `serve` sets it when the coroutine starts; it is on that coroutine's stack, where this runs.
    let yielder = unsafe { &*stacks.driver_yielder.get() };
    let mut frame = Frame::new(body);
    let mut message = yielder.suspend(ToModel::Api(frame.call()));
    while let ToDriver::Invoke(call) = message {
        // SAFETY: as in `serve`.
        unsafe { call.run() };
        message = yielder.suspend(ToModel::Returned);
    }
    // SAFETY: the model resumes this side when it has run the call.
    unsafe { frame.result() }
}
