//! Landlock: the kernel's object of access refuses, whichever system call asks.

use landlock::{
    ABI, Access as _, AccessFs, AccessNet, CompatLevel, Compatible as _, Ruleset, RulesetAttr as _,
    RulesetError, Scope,
};

/// Refuses this process every file, port and outside process that it has not opened yet.
///
/// # Errors
///
/// When the kernel has no Landlock. What newer kernels add to it is used where it is there.
pub fn restrict() -> Result<(), RulesetError> {
    // No rule is added: nothing below any directory is allowed.
    let ruleset = Ruleset::default()
        .set_compatibility(CompatLevel::HardRequirement)
        .handle_access(AccessFs::from_all(ABI::V1))?
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(ABI::V6))?
        .handle_access(AccessNet::from_all(ABI::V6))?
        .scope(Scope::from_all(ABI::V6))?;
    ruleset.create()?.restrict_self()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::restrict;
    use std::fs::File;
    use std::io::ErrorKind;

    /// Landlock on its own: the filters would hide what it does.
    #[test]
    fn nothing_more_can_be_opened() {
        let program = std::env::current_exe().unwrap();
        let new = std::env::temp_dir().join(format!("cargo-driver-landlock-{}", std::process::id()));
        let (path, made) = (program.clone(), new.clone());
        // It binds the thread that asks.
        let confined = std::thread::spawn(move || {
            if let Err(error) = restrict() {
                let required = std::env::var_os("WDK_REQUIRE_SANDBOX").is_some_and(|value| value == "1");
                assert!(!required, "{error}");
                eprintln!("SKIPPED: no Landlock here: {error}");
                return;
            }
            for refused in [File::open(&path), File::create(&made)] {
                assert_eq!(refused.unwrap_err().kind(), ErrorKind::PermissionDenied);
            }
        });
        confined.join().unwrap();
        assert!(!new.exists() && File::open(program).is_ok());
    }
}
