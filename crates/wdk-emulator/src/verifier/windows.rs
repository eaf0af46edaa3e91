//! What stands for the rules on Windows: Driver Verifier's options and the values of KMDF Verifier.
//!
//! A test machine is set up with [`settings`], so that Windows looks for what the emulator looked for. The bits and
//! classes are those of "Driver Verifier Command Syntax"; the values, of "Using KMDF Verifier" and "Registry Values
//! for Debugging WDF Drivers" (learn.microsoft.com, `devtest/verifier-command-line`, `wdf/using-kmdf-verifier`).

use super::rules::{fatal, handles, image, irql, locks, objects, pool, queues, requests, timers};
use super::{Level, Rule};

/// An option of Driver Verifier.
#[derive(Debug, PartialEq, Eq)]
pub struct DriverOption {
    /// Its bit in `verifier /flags`.
    pub flag: u32,
    /// Its number in `verifier /ruleclasses`.
    pub rule_class: u8,
    /// What Microsoft calls it.
    pub name: &'static str,
}

const fn option(flag: u32, rule_class: u8, name: &'static str) -> DriverOption {
    DriverOption { flag, rule_class, name }
}

/// Pool allocations have pages of their own.
pub static SPECIAL_POOL: DriverOption = option(0x1, 1, "Special pool");
/// Pageable memory is taken away where the IRQL rises.
pub static FORCE_IRQL: DriverOption = option(0x2, 2, "Force IRQL checking");
/// What is allocated has to be freed before the unload.
pub static POOL_TRACKING: DriverOption = option(0x8, 4, "Pool tracking");
/// Each IRP is followed. Brings enhanced I/O verification (0x40) along.
pub static IO_VERIFICATION: DriverOption = option(0x10, 5, "I/O verification");
/// The order of locks.
pub static DEADLOCK: DriverOption = option(0x20, 6, "Deadlock detection");
/// DMA adapters and buffers.
pub static DMA: DriverOption = option(0x80, 8, "DMA checking");
/// What kernel code hands to system services.
pub static SECURITY: DriverOption = option(0x100, 9, "Security checks");
/// Freed memory with live objects in it, handles.
pub static MISCELLANEOUS: DriverOption = option(0x800, 12, "Miscellaneous checks");
/// The rules of the interface that can be checked at run time.
pub static DDI_COMPLIANCE: DriverOption = option(0x2_0000, 18, "DDI compliance checking");

/// The options that `verifier /standard` sets. WDF verification (class 34) belongs to them and has no bit that counts
/// since Windows 10 1803; KMDF Verifier is turned on by [`KMDF_VALUES`] instead.
pub static STANDARD: &[&DriverOption] = &[
    &SPECIAL_POOL,
    &FORCE_IRQL,
    &POOL_TRACKING,
    &IO_VERIFICATION,
    &DEADLOCK,
    &DMA,
    &SECURITY,
    &MISCELLANEOUS,
    &DDI_COMPLIANCE,
];

/// A value under `HKLM\SYSTEM\CurrentControlSet\Services\NAME\Parameters\Wdf`.
#[derive(Debug, PartialEq, Eq)]
pub struct KmdfValue {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub data: Data,
    /// What it is for.
    pub why: &'static str,
}

/// What a registry value holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Data {
    /// `REG_DWORD`.
    Dword(u32),
    /// `REG_MULTI_SZ`.
    Strings(&'static [&'static str]),
}

/// The values that turn KMDF Verifier on.
pub static KMDF_VALUES: &[KmdfValue] = &[
    KmdfValue { name: "VerifierOn", data: Data::Dword(1), why: "handles, requests, locks, IRQL, pool" },
    KmdfValue { name: "VerifyOn", data: Data::Dword(1), why: "the macro WDFVERIFY" },
    KmdfValue {
        name: "VerifyDownLevel",
        data: Data::Dword(1),
        why: "checks that are newer than the driver's framework version, too",
    },
    KmdfValue {
        name: "EnhancedVerifierOptions",
        data: Data::Dword(1),
        why: "IRQL and critical regions around callbacks",
    },
    KmdfValue {
        name: "TrackHandles",
        data: Data::Strings(&["*"]),
        why: "who holds references to what leaks",
    },
    KmdfValue {
        name: "DbgBreakOnError",
        data: Data::Dword(0),
        why: "no breakpoints, which stop a system without a debugger",
    },
    KmdfValue {
        name: "ForceLogsInMiniDump",
        data: Data::Dword(1),
        why: "every dump has the framework's log of this driver",
    },
];

/// Who on Windows notices what a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Watch {
    /// The processor, the kernel or the framework stops the system, without a verifier.
    Always,
    /// Driver Verifier, whatever its options are.
    Automatic,
    /// Driver Verifier with this option.
    Driver(&'static DriverOption),
    /// KMDF Verifier (`VerifierOn`). What has no bug check is logged, and breaks into a debugger if asked to.
    Kmdf,
    /// KMDF Verifier with `EnhancedVerifierOptions`.
    KmdfCallbacks,
    /// Nobody, and why.
    Nobody(&'static str),
}

use Watch::{Always, Automatic, Driver, Kmdf, KmdfCallbacks, Nobody};

/// Every rule with those who notice on Windows.
pub static COUNTERPARTS: &[(&Rule, &[Watch])] = &[
    (&fatal::PANIC, &[Always]),
    (&fatal::BUG_CHECK, &[Always]),
    (&fatal::STACK_OVERFLOW, &[Always]),
    (&fatal::ACCESS_VIOLATION, &[Always, Driver(&SPECIAL_POOL)]),
    (&fatal::ILLEGAL_INSTRUCTION, &[Always]),
    (&fatal::DIVIDE, &[Always]),
    (&fatal::BREAKPOINT, &[Always]),
    (&fatal::SYSTEM_CALL, &[Nobody("there is no host below a kernel")]),
    (&handles::WRONG_HANDLE, &[Always]),
    (&handles::NULL_ARGUMENT, &[Always]),
    (&handles::BAD_POINTER, &[Always, Driver(&SPECIAL_POOL)]),
    (&handles::USE_AFTER_DELETION, &[Always, Driver(&SPECIAL_POOL), Kmdf]),
    (&image::ASSERTION, &[Always]),
    (&image::FAST_FAIL, &[Always]),
    (&image::EXCEPTION, &[Always]),
    (&image::READ_ONLY, &[Always]),
    (&image::NO_EXECUTE, &[Always]),
    (&image::DISCARDED, &[Always]),
    (&image::PAGED, &[Driver(&FORCE_IRQL)]),
    (&image::POOL, &[Driver(&SPECIAL_POOL)]),
    (&irql::IRQL, &[Kmdf, Driver(&DDI_COMPLIANCE), Driver(&FORCE_IRQL)]),
    (&irql::NOT_RESTORED, &[KmdfCallbacks]),
    (&irql::CRITICAL_REGION, &[KmdfCallbacks]),
    (&locks::RECURSIVE, &[Kmdf]),
    (&locks::SELF_DEADLOCK, &[Driver(&DEADLOCK)]),
    (&locks::NOT_OWNER, &[Kmdf, Driver(&DEADLOCK)]),
    (&locks::NO_LOCK, &[Always]),
    (&objects::FREED_WHILE_ALIVE, &[Always]),
    (&objects::NOT_DELETABLE, &[Kmdf]),
    (&objects::LEAK, &[Kmdf]),
    (&pool::LEAK, &[Driver(&POOL_TRACKING)]),
    (&pool::BAD_FREE, &[Always, Automatic]),
    (&pool::BAD_ALLOCATION, &[Automatic]),
    (&queues::STATE_CHANGE_PENDING, &[Always]),
    (&requests::NOT_OWNED, &[Kmdf]),
    (&requests::COMPLETED_TWICE, &[Driver(&IO_VERIFICATION), Kmdf]),
    (
        &requests::NEVER_COMPLETED,
        &[Nobody("the device hangs; the power watchdog stops the system after minutes")],
    ),
    (&requests::CANCELABLE_COMPLETED, &[Kmdf]),
    (&requests::INFORMATION, &[Kmdf]),
    (&requests::MEMORY_REFERENCED, &[Always]),
    (&requests::STATE, &[Kmdf]),
    (&timers::STOP_FROM_CALLBACK, &[Kmdf]),
];

/// How the verifiers of Windows are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// For `verifier /flags`; zero leaves Driver Verifier off.
    pub flags: u32,
    /// For the framework.
    pub kmdf: &'static [KmdfValue],
}

/// What stands for a level of the emulator: nothing for [`Level::Off`]; for [`Level::Standard`] the options that have a
/// rule here; for [`Level::All`] also the rest of Microsoft's standard options, for which there is none.
pub fn settings(level: Level) -> Settings {
    let flags = match level {
        Level::Off => return Settings { flags: 0, kmdf: &[] },
        Level::Standard => of_rules(level).fold(0, |flags, option| flags | option.flag),
        Level::All => STANDARD.iter().fold(0, |flags, option| flags | option.flag),
    };
    Settings { flags, kmdf: KMDF_VALUES }
}

/// The options that stand for rules of a level.
fn of_rules(level: Level) -> impl Iterator<Item = &'static DriverOption> {
    let checked = COUNTERPARTS.iter().filter(move |(rule, _)| rule.level <= level);
    checked.flat_map(|(_, watches)| *watches).filter_map(|watch| match watch {
        Driver(option) => Some(*option),
        _ => None,
    })
}

/// The rules of a level that nobody notices on a Windows with the [`settings`] of that level.
pub fn unnoticed(level: Level) -> impl Iterator<Item = &'static Rule> {
    let Settings { flags, kmdf } = settings(level);
    let notices = move |watch: &Watch| match watch {
        Always => true,
        Automatic => flags != 0,
        Driver(option) => flags & option.flag != 0,
        Kmdf | KmdfCallbacks => !kmdf.is_empty(),
        Nobody(_) => false,
    };
    let checked = COUNTERPARTS.iter().filter(move |(rule, _)| rule.level <= level);
    checked.filter(move |(_, watches)| !watches.iter().any(notices)).map(|(rule, _)| *rule)
}

/// The options that the [`settings`] of a level turn on, and that no rule stands for.
pub fn without_rule(level: Level) -> impl Iterator<Item = &'static DriverOption> {
    let flags = settings(level).flags;
    let set = STANDARD.iter().copied().filter(move |option| flags & option.flag != 0);
    set.filter(move |option| !of_rules(level).any(|other| other == *option))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verifier::rules::ALL;

    #[test]
    fn every_rule_says_who_notices_on_windows() {
        for rule in ALL {
            let rows: Vec<_> = COUNTERPARTS.iter().filter(|(other, _)| other.id == rule.id).collect();
            assert_eq!(rows.len(), 1, "{} has one row", rule.id);
            assert!(!rows[0].1.is_empty(), "{} says who, or that nobody does", rule.id);
            let nobody = rows[0].1.iter().any(|watch| matches!(watch, Nobody(_)));
            assert!(!nobody || rows[0].1.len() == 1, "{}: nobody, and somebody", rule.id);
        }
        assert_eq!(COUNTERPARTS.len(), ALL.len(), "and no row is of a rule that is gone");
    }

    #[test]
    fn options_are_microsofts() {
        // "/standard … is equivalent to '/flags 0x209BB'."
        assert_eq!(settings(Level::All).flags, 0x2_09bb);
        for (index, option) in STANDARD.iter().enumerate() {
            assert!(option.flag.is_power_of_two());
            // Rule classes number the bits from one.
            assert_eq!(option.flag.trailing_zeros() + 1, option.rule_class.into(), "{}", option.name);
            assert!(STANDARD[..index].iter().all(|other| other.flag < option.flag));
        }
        for (_, watches) in COUNTERPARTS {
            let known = |watch: &Watch| !matches!(watch, Driver(option) if !STANDARD.contains(option));
            assert!(watches.iter().all(known));
        }
    }

    #[test]
    fn a_level_turns_on_what_it_checks() {
        assert_eq!(settings(Level::Off), Settings { flags: 0, kmdf: &[] });
        let standard = settings(Level::Standard);
        assert_eq!(standard.flags & !settings(Level::All).flags, 0);
        for rule in [&pool::LEAK, &image::POOL, &image::PAGED, &irql::IRQL] {
            assert!(!unnoticed(Level::Standard).any(|other| other == rule), "{}", rule.id);
        }
        assert!(without_rule(Level::Standard).next().is_none(), "standard is what has rules, and no more");
        assert!(without_rule(Level::All).any(|option| *option == DMA), "DMA is not modelled");
        assert!(unnoticed(Level::Off).any(|rule| *rule == locks::RECURSIVE), "needs KMDF Verifier");
        assert!(unnoticed(Level::Standard).all(|rule| {
            COUNTERPARTS.iter().any(|(other, watches)| *other == rule && matches!(watches, [Nobody(_)]))
        }));
    }

    /// `docs/test-vm.md` has the table, word for word.
    #[test]
    fn the_manual_has_the_table() {
        let manual = include_str!("../../../../docs/test-vm.md");
        let rows: Vec<_> = COUNTERPARTS.iter().map(|(rule, watches)| row(rule, watches)).collect();
        let missing: Vec<_> = rows.iter().filter(|row| !manual.contains(row.as_str())).collect();
        assert!(missing.is_empty(), "docs/test-vm.md lacks, of\n{}\nthese: {missing:#?}", rows.join("\n"));
        let stated = manual.lines().filter(|line| line.starts_with("| `") && line.contains("| *")).count();
        assert_eq!(stated, rows.len(), "docs/test-vm.md has rows of rules that are gone");
        for level in [Level::Standard, Level::All] {
            let flags = format!("`{level}` | `{:#x}`", settings(level).flags);
            assert!(manual.contains(&flags), "docs/test-vm.md does not say: {flags}");
        }
        for value in KMDF_VALUES {
            assert!(
                manual.contains(&format!("| `{}` |", value.name)),
                "docs/test-vm.md lacks {}",
                value.name
            );
        }
    }

    fn row(rule: &Rule, watches: &[Watch]) -> String {
        let who = watches.iter().map(|watch| match watch {
            Always => "Windows itself".to_owned(),
            Automatic => "Driver Verifier, always".to_owned(),
            Driver(option) => format!("{} ({:#x})", option.name, option.flag),
            Kmdf => "KMDF Verifier".to_owned(),
            KmdfCallbacks => "KMDF Verifier, `EnhancedVerifierOptions`".to_owned(),
            Nobody(why) => format!("**nobody**: {why}"),
        });
        format!("| `{}` | *{}* | {} |", rule.id, rule.level, who.collect::<Vec<_>>().join("; "))
    }
}
