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
