//! `wdk-exerciser install` and what else is done to devices.

use super::failure::{Failure, Result};
use crate::Exit;
use crate::args::{self, Install, Verb};
use crate::report::devices::{Device, Devices, State};
use crate::win32::setup::{self, Change, DeviceNode, Outcome};
use crate::win32::{Error, console, file};
use alloc::borrow::ToOwned as _;
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

/// Makes the devices that are missing, and installs the driver on all of them.
pub fn install(options: &Install) -> Result<Exit> {
    let inf = inf(&options.inf)?;
    let id = &options.hardware_id;
    let there = find(id)?;
    let missing = (options.count as usize).saturating_sub(there.len());
    let class = setup::class_of_inf(&inf).map_err(|error| refused(&format!("read `{inf}`"), error))?;
    let mut made = Vec::new();
    let installed = (0..missing)
        .try_for_each(|_| {
            let node = setup::create(&class, id).map_err(|error| refused("make a device", error))?;
            made.push(node);
            Ok(())
        })
        .and_then(|()| {
            setup::update_driver(id, &inf)
                .map_err(|error| refused(&format!("install the driver of `{inf}`"), error))
        });
    let outcome = installed.inspect_err(|_| {
        // What was made for nothing goes again; that this may fail, too, would hide why.
        for node in &made {
            let _ = node.remove();
        }
    })?;
    let devices = find(id)?.iter().map(describe).collect::<Result<Vec<_>>>()?;
    let created = u32::try_from(missing).ok();
    Ok(report("install", id, created, devices, outcome.restart, options.json))
}

/// The full path of an INF file that is there.
fn inf(path: &str) -> Result<String> {
    let failed = |why: String| Failure::new(Exit::File, format!("cannot install from `{path}`: {why}"));
    match file::is_file(path) {
        Ok(true) => file::absolute(path).map_err(|error| failed(error.to_string())),
        Ok(false) => Err(failed("it is a directory (give the INF file in it)".to_owned())),
        Err(error) if error.is_not_found() => Err(failed("there is no such file".to_owned())),
        Err(error) => Err(failed(error.to_string())),
    }
}

/// Does the same to all devices with a hardware ID, or nothing.
pub fn change(options: &args::Devices) -> Result<Exit> {
    let id = &options.hardware_id;
    let nodes = find(id)?;
    if nodes.is_empty() {
        let what =
            format!("device not found: none has the hardware ID `{id}` (`wdk-exerciser install` makes one)");
        return Err(Failure::new(Exit::NoDevice, what));
    }
    let verb = options.verb;
    let mut devices = Vec::new();
    let mut restart = false;
    for node in &nodes {
        let name = name(node)?;
        let outcome =
            perform(verb, node).map_err(|error| refused(&format!("{} `{name}`", verb.name()), error))?;
        restart |= outcome.restart;
        devices.push(match verb {
            Verb::Remove => Device::new(name, State::Removed, None),
            _ => describe(node)?,
        });
    }
    Ok(report(verb.name(), id, None, devices, restart, options.json))
}

fn perform(verb: Verb, node: &DeviceNode) -> core::result::Result<Outcome, Error> {
    match verb {
        Verb::Remove => node.remove(),
        Verb::Restart => node.change(Change::Restart),
        Verb::Disable => node.change(Change::Disable),
        Verb::Enable => node.change(Change::Enable),
        Verb::Status => Ok(Outcome::default()),
    }
}

fn find(id: &str) -> Result<Vec<DeviceNode>> {
    setup::find(id).map_err(|error| refused("list the devices", error))
}

fn name(node: &DeviceNode) -> Result<String> {
    node.instance_id().map_err(|error| refused("name a device", error))
}

fn describe(node: &DeviceNode) -> Result<Device> {
    let name = name(node)?;
    let state = node.state().map_err(|error| refused(&format!("say what `{name}` is doing"), error))?;
    Ok(match state {
        setup::State::Started => Device::new(name, State::Started, None),
        setup::State::Stopped => Device::new(name, State::Stopped, None),
        setup::State::Problem(problem) => Device::new(name, State::Problem, Some(problem)),
    })
}

fn refused(what: &str, error: Error) -> Failure {
    Failure::refused(what, error)
}

fn report(
    action: &str,
    id: &str,
    created: Option<u32>,
    devices: Vec<Device>,
    restart: bool,
    json: bool,
) -> Exit {
    let exit = if restart { Exit::Restart } else { Exit::Ok };
    let report = Devices {
        action: action.to_owned(),
        hardware_id: id.to_owned(),
        created,
        devices,
        restart,
        exit_code: exit.code(),
    };
    let mut text = String::new();
    match json {
        true => {
            text = serde_json::to_string_pretty(&report).expect("plain data");
            text.push('\n');
        }
        false => report.print(&mut text).expect("a string takes everything"),
    }
    console::print(&text);
    exit
}
