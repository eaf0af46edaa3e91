//! Loaded drivers and plugged devices.

use super::*;

/// A loaded driver.
pub struct Driver {
    pub(super) machine: Machine,
    pub(super) driver: Rc<LoadedDriver>,
}

impl Driver {
    /// Plugs in a device that matches the driver: calls `EvtDriverDeviceAdd` and starts the device.
    ///
    /// # Errors
    ///
    /// [`Error::DeviceAdd`] and [`Error::Start`] say which callback failed and how.
    pub fn plug(&self, hardware_id: &str) -> Result<Device> {
        let (driver, id) = (self.driver.clone(), hardware_id.to_owned());
        let plugged = self.machine.run_on(Role::Pnp, "plug", move |k| pnp::plug(k, &driver, &id))?;
        match plugged {
            Ok(device) => Ok(Device { machine: self.machine.clone_handle(), device }),
            Err(pnp::Failure::NoDeviceAdd) => Err(Error::NotPnp),
            Err(pnp::Failure::DeviceAdd(status)) => Err(Error::DeviceAdd(status)),
            Err(pnp::Failure::NoDevice) => Err(Error::NoDevice),
            Err(pnp::Failure::Start(callback, status)) => Err(Error::Start(callback, status)),
        }
    }

    /// The driver's service name.
    pub fn name(&self) -> &str {
        &self.driver.name
    }

    /// What the driver's image uses that has no model: what it imports, as `MODULE!NAME`, and the framework's
    /// functions that its code takes from the table. The run stops when it calls one. Empty for a linked driver.
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    pub fn not_modelled(&self) -> Vec<String> {
        self.driver.not_modelled()
    }

    /// Removes the driver's devices and unloads it.
    ///
    /// # Errors
    ///
    /// [`Error::Stopped`] when it left something behind, among other things.
    pub fn unload(self) -> Result {
        let k = self.machine.kernel.clone();
        let mine = self.driver.clone();
        for object in k.objects.all() {
            let same = object.driver.as_ref().is_some_and(|driver| Rc::ptr_eq(driver, &mine));
            if same && object.is_alive() && wdfdevice::Device::of(&object.body).is_some() {
                let device = Ref::<wdfdevice::Device>::new(object);
                Device { machine: self.machine.clone_handle(), device }.remove()?;
            }
        }
        let driver = self.driver.clone();
        self.machine.run_on(Role::Pnp, "unload", move |k| driver.unload(k))?;
        check_leaks(&k, &self.driver);
        self.machine.forget_driver(&self.driver);
        if k.stopped() { Err(self.machine.stopped()) } else { Ok(()) }
    }
}

/// Reports what a driver left behind when it was unloaded.
fn check_leaks(k: &Kernel, driver: &Rc<LoadedDriver>) {
    let left: Vec<_> = k
        .objects
        .all()
        .into_iter()
        .filter(|object| object.driver.as_ref().is_some_and(|owner| Rc::ptr_eq(owner, driver)))
        .collect();
    if let Some(first) = left.first() {
        let mut verdict = Verdict::driver_bug(
            k,
            &rules::objects::LEAK,
            format!("{} was unloaded and left {} objects", driver.name, left.len()),
            format!("{} still has {} references", first.label(), first.references()),
        );
        verdict.history = left.iter().flat_map(|object| object.history(k)).collect();
        if k.verifies(rules::objects::LEAK.level) {
            k.record(verdict);
        }
    }
    if k.verifies(rules::pool::LEAK.level) {
        k.check_pool(&driver.name);
    }
}

/// A device that was plugged in.
pub struct Device {
    machine: Machine,
    device: Ref<wdfdevice::Device>,
}

impl Device {
    /// The path of an interface of the device, for [`Machine::open`].
    ///
    /// # Errors
    ///
    /// `STATUS_OBJECT_NAME_NOT_FOUND` when the driver did not register that interface.
    pub fn interface(&self, guid: GUID) -> Result<String> {
        let interfaces = self.machine.kernel.names.interfaces.borrow();
        let found = interfaces.iter().find(|interface| {
            names::format_guid(&interface.guid) == names::format_guid(&guid)
                && Rc::ptr_eq(&interface.device.object, &self.device.object)
        });
        found.map(|interface| interface.link.clone()).ok_or(Error::Status(STATUS_OBJECT_NAME_NOT_FOUND))
    }

    /// The names by which applications can open the device: symbolic links first, then interfaces.
    pub fn names(&self) -> Vec<String> {
        self.machine.kernel.names.of(&self.device)
    }

    /// The largest number of requests that waited in one of the device's queues.
    pub fn queue_high_water(&self) -> usize {
        self.device.queues.borrow().iter().map(|queue| queue.high_water.get()).max().unwrap_or(0)
    }

    /// Removes the device in an orderly way.
    ///
    /// Applications may still have it open; their requests are cancelled or waited for, as the framework does
    /// when the bus says that a device is gone after a query. (Windows would veto the query while handles are
    /// open; this machine leaves that to the test.)
    ///
    /// # Errors
    ///
    /// [`Error::Stopped`] with [`rules::requests::NEVER_COMPLETED`] when the driver keeps a request.
    pub fn remove(self) -> Result {
        self.remove_as(false)
    }

    /// Removes the device in an orderly way, and gives it back if the driver refuses.
    ///
    /// # Errors
    ///
    /// As for [`remove`](Self::remove).
    pub fn try_remove(self) -> Result<Option<Self>> {
        let kept = Self { machine: self.machine.clone_handle(), device: self.device.clone() };
        match self.remove_as(false) {
            Ok(()) => Ok(None),
            Err(Error::Status(_)) => Ok(Some(kept)),
            Err(error) => Err(error),
        }
    }

    /// Removes the device as if it was pulled out.
    ///
    /// # Errors
    ///
    /// As for [`remove`](Self::remove).
    pub fn surprise_remove(self) -> Result {
        self.remove_as(true)
    }

    /// Puts the device to sleep: power-managed queues stop, and the device leaves D0 for D3.
    ///
    /// # Errors
    ///
    /// As for [`remove`](Self::remove).
    pub fn suspend(&self) -> Result {
        let device = self.device.clone();
        let result = self.machine.run_on(Role::Pnp, "suspend", move |k| pnp::suspend(k, &device));
        self.unless_stuck(result, "suspension")
    }

    /// Wakes the device up from [`suspend`](Self::suspend).
    ///
    /// # Errors
    ///
    /// [`Error::Start`] says which callback failed and how; the device is gone then.
    pub fn resume(&self) -> Result {
        let device = self.device.clone();
        let result = self.machine.run_on(Role::Pnp, "resume", move |k| pnp::resume(k, &device))?;
        result.map_err(|(callback, status)| Error::Start(callback, status))
    }

    fn remove_as(self, surprise: bool) -> Result {
        let device = self.device.clone();
        let result = self.machine.run_on(Role::Pnp, "removal", move |k| pnp::remove(k, &device, surprise));
        self.unless_stuck(result, "removal")?.map_err(Error::Status)
    }

    /// Turns a PnP thread that waits forever into a verdict.
    fn unless_stuck<T>(&self, result: Result<T>, what: &str) -> Result<T> {
        match result {
            Err(Error::Stuck(waits)) => {
                let k = &self.machine.kernel;
                match pnp::owned_request(&self.device) {
                    Some(request) => {
                        let rule = &rules::requests::NEVER_COMPLETED;
                        let effect = format!("the {what} waits for {}", request.label());
                        let mut verdict = Verdict::driver_bug(k, rule, effect, waits);
                        verdict.history = request.history(k);
                        k.record(verdict);
                    }
                    None => k.record(Verdict::limit(k, format!("the {what} of a device cannot go on"))),
                }
                Err(self.machine.stopped())
            }
            other => other,
        }
    }
}
