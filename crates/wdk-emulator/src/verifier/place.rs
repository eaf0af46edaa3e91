//! The driver's source line at which a run stopped.
//!
//! The backtrace is taken on the driver's own stack, where the driver waits in its API call, and only when a
//! verdict is made: a run that does not stop pays nothing. Needs debug information in the driver.

use crate::kernel::Kernel;

/// Where a run stopped in driver code, as far as it is known.
#[derive(Default)]
pub(crate) struct Location {
    /// The source line, or the place in the image.
    pub(crate) place: Option<String>,
    /// The frames of an image's code.
    pub(crate) backtrace: Vec<String>,
}

/// Where the driver is that runs on the current thread.
pub(crate) fn of_driver(k: &Kernel) -> Location {
    if !k.on_thread() {
        return Location::default();
    }
    let thread = k.thread();
    if thread.callback.get().is_none() || thread.call.get().is_none() {
        return Location::default();
    }
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    if thread.stacks.context().is_some_and(|context| !context.image.is_null()) {
        return crate::image::locate_caller(k).unwrap_or_default();
    }
    Location { place: of_linked(k), backtrace: Vec::new() }
}

/// The innermost frame that belongs to a driver: neither the emulator's, nor the framework crates', nor std's.
fn of_linked(k: &Kernel) -> Option<String> {
    let backtrace = k.thread().stacks.call_driver(std::backtrace::Backtrace::force_capture).ok()?;
    let text = backtrace.to_string();
    let mut symbol = "";
    for line in text.lines().map(str::trim) {
        match line.strip_prefix("at ") {
            Some(place) if !is_infrastructure(symbol) => return Some(shorten(place)),
            Some(_) => {}
            None => symbol = line.split_once(": ").map_or("", |(_, symbol)| symbol),
        }
    }
    None
}

/// Whether a function belongs to the emulator, to the framework crates or to Rust's library.
fn is_infrastructure(symbol: &str) -> bool {
    const CRATES: [&str; 9] =
        ["wdk", "wdk_sys", "wdk_emulator", "wdk_alloc", "corosensei", "std", "core", "alloc", "__rustc"];
    // `<crate::Type as other::Trait>::function` belongs to the crate of the type.
    let path = symbol.trim_start_matches(['<', '&']);
    let name = path.split("::").next().unwrap_or(path);
    symbol.is_empty() || CRATES.contains(&name) || !path.contains("::")
}

/// The path from the directory of the crate, without what only this machine has.
fn shorten(place: &str) -> String {
    let place = place.trim_start_matches("./");
    let parts: Vec<&str> = place.split('/').collect();
    let src = parts.iter().rposition(|part| matches!(*part, "src" | "tests" | "examples"));
    match src {
        Some(index) if index >= 2 => parts[index - 2..].join("/"),
        _ => place.to_owned(),
    }
}
