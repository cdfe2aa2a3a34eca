//! Gives up rights that no examination needs: those of root, and every capability.

use std::io;

use rustix::process::{Gid, Uid, geteuid};
use rustix::thread::{
    CapabilitySet, CapabilitySets, capabilities, remove_capability_from_bounding_set,
    set_capabilities, set_thread_groups, set_thread_res_gid, set_thread_res_uid,
};

/// The user and group `nobody` of every Linux system.
const NOBODY: u32 = 65534;

/// Becomes the user `nobody`, where this process is root and may change its user. Must be
/// called while the process has one thread, and before it leaves its user namespace.
///
/// # Errors
/// When the system refuses what it should allow.
pub(super) fn drop_root() -> io::Result<()> {
    let needed = CapabilitySet::SETUID | CapabilitySet::SETGID;
    // root without these capabilities, as in some containers, has little that others do not
    if !geteuid().is_root() || !capabilities(None)?.effective.contains(needed) {
        return Ok(());
    }
    for capability in CapabilitySet::all().iter() {
        // an older kernel does not know the newest; no program is run here that could gain any
        let _ = remove_capability_from_bounding_set(capability);
    }
    let (user, group) = (Uid::from_raw(NOBODY), Gid::from_raw(NOBODY));
    set_thread_groups(&[])?;
    set_thread_res_gid(group, group, group)?;
    set_thread_res_uid(user, user, user)?;
    Ok(())
}

/// Gives up every capability, also those that a new user namespace gave.
///
/// # Errors
/// When the system refuses.
pub(super) fn drop_capabilities() -> io::Result<()> {
    let none = CapabilitySet::empty();
    let sets = CapabilitySets { effective: none, permitted: none, inheritable: none };
    Ok(set_capabilities(None, sets)?)
}
