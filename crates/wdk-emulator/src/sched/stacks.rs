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

use corosensei::stack::DefaultStack;
use corosensei::trap::CoroutineTrapHandler;
use corosensei::{Coroutine, CoroutineResult, Yielder};
use std::cell::{Cell, RefCell};
use wdk_sys::binding::Binding;
use wdk_sys::linked::Runtime;

/// Size of a kernel thread's stack on x64 Windows.
pub(crate) const DRIVER_STACK: usize = if cfg!(wdk_sanitizer) { SANITIZED_STACK } else { 24 * 1024 };
/// Redzones and the sanitizer's own frames make code take several times the stack.
const SANITIZED_STACK: usize = 256 * 1024;
/// What the model may use. Committed page by page as it is touched.
const MODEL_STACK: usize = 512 * 1024;

/// A call in either direction. The pointer is valid while the side that made it is suspended.
type Call = *mut dyn FnMut();

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
type ModelCoroutine = Coroutine<(), Switch, (), DefaultStack>;

/// The stacks of one thread.
pub(crate) struct Stacks {
    model: RefCell<Option<ModelCoroutine>>,
    model_yielder: Cell<*const Yielder<(), Switch>>,
    driver: RefCell<Option<DriverCoroutine>>,
    driver_yielder: Cell<*const Yielder<ToDriver, ToModel>>,
    job: RefCell<Option<Box<dyn FnOnce()>>>,
    /// Whose code the driver stack runs.
    context: Cell<Option<Context>>,
}

/// A driver as the host's thread has to know it while its code runs.
#[derive(Clone, Copy)]
pub(crate) struct Context {
    /// The driver's copy of the linked runtime; an image has none.
    pub(crate) runtime: Option<Runtime>,
    pub(crate) binding: *mut Binding,
}

thread_local! {
    /// Stacks of finished threads, for the next ones: creating a machine should not cost a system call.
    static SPARE: RefCell<(Vec<DefaultStack>, Vec<DefaultStack>)> = const { RefCell::new((Vec::new(), Vec::new())) };
    /// The binding that is current on this thread.
    static ENTERED: Cell<*mut Binding> = const { Cell::new(std::ptr::null_mut()) };
    static IN_DRIVER: Cell<bool> = const { Cell::new(false) };
    /// Trap handler of the driver coroutine that runs now.
    static TRAP: Cell<Option<CoroutineTrapHandler<Fault>>> = const { Cell::new(None) };
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
    IN_DRIVER.get()
}

/// The trap handler for a fault at the given stack pointer, if driver code is running there.
pub(crate) fn trap_handler(stack_pointer: usize) -> Option<CoroutineTrapHandler<Fault>> {
    let handler = TRAP.get()?;
    (IN_DRIVER.get() && handler.stack_ptr_in_bounds(stack_pointer)).then_some(handler)
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
            model: RefCell::new(None),
            model_yielder: Cell::new(std::ptr::null()),
            driver: RefCell::new(None),
            driver_yielder: Cell::new(std::ptr::null()),
            job: RefCell::new(None),
            context: Cell::new(None),
        }
    }

    /// Gives an idle thread its next work.
    pub(crate) fn set_job(&self, job: Box<dyn FnOnce()>) {
        let previous = self.job.borrow_mut().replace(job);
        assert!(previous.is_none(), "a thread got work while it had some");
    }

    /// Runs the thread until it gives up the processor.
    pub(crate) fn resume(self: &std::rc::Rc<Self>) -> Switch {
        if self.model.borrow().is_none() {
            let this = std::rc::Rc::downgrade(self);
            let coroutine = ModelCoroutine::with_stack(stack(MODEL_STACK), move |yielder, ()| {
                {
                    let this = this.upgrade().expect("stacks outlive their coroutines");
                    this.model_yielder.set(yielder);
                }
                loop {
                    let job = this.upgrade().and_then(|this| this.job.borrow_mut().take());
                    match job {
                        Some(job) => job(),
                        None => yielder.suspend(Switch::Idle),
                    }
                }
            });
            *self.model.borrow_mut() = Some(coroutine);
        }
        let outer = (IN_DRIVER.replace(false), TRAP.take());
        // The coroutine is taken out while it runs, so that nothing stays borrowed across the switch.
        let mut coroutine = self.model.borrow_mut().take().expect("created above");
        let result = coroutine.resume(());
        *self.model.borrow_mut() = Some(coroutine);
        IN_DRIVER.set(outer.0);
        TRAP.set(outer.1);
        match result {
            CoroutineResult::Yield(switch) => switch,
            CoroutineResult::Return(()) => unreachable!("the model's loop never ends"),
        }
    }

    /// Gives up the processor. Called on the model's stack only.
    pub(crate) fn switch(&self, why: Switch) {
        let yielder = self.model_yielder.get();
        // SAFETY: set when the coroutine started; it is on that coroutine's stack, where this runs.
        unsafe { (*yielder).suspend(why) }
    }

    /// Runs `body` on the driver's stack, serving the API calls it makes. Called on the model's stack only.
    pub(crate) fn call_driver<R>(&self, body: impl FnOnce() -> R) -> Result<R, Fault> {
        let mut body = Some(body);
        let mut result = None;
        let mut invoke = || {
            let body = body.take().expect("invoked once");
            result = Some(body());
        };
        self.drive(erase(&mut invoke))?;
        Ok(result.expect("the callback returned"))
    }

    /// Sets whose code runs next on the driver's stack, and returns whose ran before.
    pub(crate) fn set_context(&self, context: Option<Context>) -> Option<Context> {
        self.context.replace(context)
    }

    /// Whose code runs on the driver's stack.
    pub(crate) fn context(&self) -> Option<Context> {
        self.context.get()
    }

    fn drive(&self, invoke: Call) -> Result<(), Fault> {
        if self.driver.borrow().is_none() {
            *self.driver.borrow_mut() = Some(DriverCoroutine::with_stack(stack(DRIVER_STACK), serve));
        }
        let trap = self.driver.borrow().as_ref().map(DriverCoroutine::trap_handler);
        let mut message = ToDriver::Invoke(invoke);
        loop {
            let mut coroutine =
                self.driver.borrow_mut().take().expect("not running: this is the model's stack");
            if let Some(context) = self.context.get().filter(|context| ENTERED.get() != context.binding) {
                if let Some(runtime) = context.runtime {
                    // SAFETY: the machine keeps the binding of a loaded driver; `forget` clears it before it goes.
                    unsafe { runtime.enter(context.binding) };
                }
                ENTERED.set(context.binding);
            }
            IN_DRIVER.set(true);
            TRAP.set(trap);
            YIELDER.set(self.driver_yielder.get());
            let result = coroutine.resume(message);
            self.driver_yielder.set(YIELDER.get());
            TRAP.set(None);
            IN_DRIVER.set(false);
            *self.driver.borrow_mut() = Some(coroutine);
            match result {
                CoroutineResult::Yield(ToModel::Api(body)) => {
                    // SAFETY: the driver's side is suspended in `call_model`, which owns what this points to.
                    unsafe { (*body)() };
                    message = ToDriver::Resume;
                }
                CoroutineResult::Yield(ToModel::Returned) => return Ok(()),
                CoroutineResult::Return(fault) => return Err(fault),
            }
        }
    }

    /// Resets a stopped thread: unwinds the model's stack and abandons the driver's.
    pub(crate) fn abandon(&self) {
        if let Some(mut model) = self.model.borrow_mut().take() {
            if model.started() && !model.done() {
                model.force_unwind();
            }
            let stack = model.into_stack();
            SPARE.with_borrow_mut(|(_, models)| models.push(stack));
        }
        if let Some(mut driver) = self.driver.borrow_mut().take() {
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

thread_local! {
    /// The yielder of the driver coroutine that runs now.
    static YIELDER: Cell<*const Yielder<ToDriver, ToModel>> = const { Cell::new(std::ptr::null()) };
}

/// The driver coroutine: runs callbacks as they come.
fn serve(yielder: &Yielder<ToDriver, ToModel>, first: ToDriver) -> Fault {
    YIELDER.set(yielder);
    let mut message = first;
    loop {
        if let ToDriver::Invoke(call) = message {
            // SAFETY: the model's side is suspended in `drive`, whose caller owns what this points to.
            unsafe { (*call)() };
        }
        message = yielder.suspend(ToModel::Returned);
    }
}

/// Runs `body` on the model's stack. Called on a driver's stack only.
pub(crate) fn call_model<R>(body: impl FnOnce() -> R) -> R {
    let mut body = Some(body);
    let mut result = None;
    let mut call = || {
        let body = body.take().expect("called once");
        result = Some(body());
    };
    let yielder = YIELDER.get();
    // SAFETY: `drive` sets it for the coroutine it resumes, on whose stack this runs.
    let yielder = unsafe { &*yielder };
    let mut message = yielder.suspend(ToModel::Api(erase(&mut call)));
    while let ToDriver::Invoke(call) = message {
        // SAFETY: as in `serve`.
        unsafe { (*call)() };
        message = yielder.suspend(ToModel::Returned);
    }
    result.expect("the model ran the body")
}

fn erase<'a>(call: &'a mut (dyn FnMut() + 'a)) -> Call {
    let call: *mut (dyn FnMut() + 'a) = call;
    // SAFETY: only the lifetime changes; both users run the call while its owner is suspended.
    unsafe { std::mem::transmute::<*mut (dyn FnMut() + 'a), Call>(call) }
}
