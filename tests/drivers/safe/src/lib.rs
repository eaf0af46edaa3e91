//! Drivers in safe Rust, each for a test or two. All are in one image: it becomes the driver that its service is named
//! after.
//!
//! What a driver notices it prints, so that tests find it in the debugger's output whichever way the driver was loaded.
//! What a test chooses is behind the driver's name in that of the service: `whole fail=3 late`.

#![no_std]
#![forbid(unsafe_code)]
#![allow(missing_docs)]

pub mod bell;
pub mod desk;
pub mod dropping;
pub mod given;
pub mod greedy;
pub mod keeper;
pub mod keeping;
pub mod lamp;
pub mod late;
pub mod manual;
pub mod notified;
pub mod parts;
pub mod plain;
pub mod porch;
pub mod racing;
pub mod shared;
pub mod shelf;
pub mod timed;
pub mod tour;
pub mod transfers;
pub mod tray;
pub mod unready;
pub mod valve;
pub mod waiting;
pub mod whole;

mod noted;
mod service;
mod tale;

use wdk::prelude::*;

wdk::driver!(Drivers);

struct Drivers;

macro_rules! drivers {
    ($( $name:literal => $driver:ty, )*) => {
        impl Driver for Drivers {
            fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
                $(
                    if service::is($name, irql) {
                        return <$driver>::device_add(init, irql);
                    }
                )*
                Err(Error::NOT_FOUND)
            }

            fn unload(irql: &mut Irql<'_, Passive>) {
                $(
                    if service::is($name, irql) {
                        <$driver>::unload(irql);
                    }
                )*
            }
        }
    };
}
drivers! {
    "bell" => bell::Bell,
    "desk" => desk::Desk,
    "dropping" => dropping::Dropping,
    "given" => given::Given,
    "greedy" => greedy::Greedy,
    "keeper" => keeper::Keeper,
    "keeping" => keeping::Keeping,
    "lamp" => lamp::Lamp,
    "late" => late::Late,
    "manual" => manual::Manual,
    "notified" => notified::Notified,
    "plain" => plain::Plain,
    "porch" => porch::Porch,
    "racing" => racing::Racing,
    "shared" => shared::Shared,
    "shelf" => shelf::Shelf,
    "timed" => timed::Timed,
    "tour" => tour::Tour,
    "transfers" => transfers::Transfers,
    "tray" => tray::Tray,
    "unready" => unready::Unready,
    "valve" => valve::Valve,
    "waiting" => waiting::Sleeper,
    "whole" => whole::Whole,
}
