//! What a zygote is asked: one more child, with these descriptors.

use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;

use rustix::cmsg_space;
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, recvmsg, sendmsg,
};

use super::pipes::Ends;

/// Descriptors of one order: three pipes and the stream that the child's end is told on.
const PASSED: usize = 4;

/// Asks for a child. Orders of several threads do not mix: each is one packet.
pub(super) fn send(zygote: impl AsFd, ends: &Ends, control: &UnixStream) -> io::Result<()> {
    let passed = [ends.stdin.as_fd(), ends.stdout.as_fd(), ends.stderr.as_fd(), control.as_fd()];
    let mut space = [MaybeUninit::uninit(); cmsg_space!(ScmRights(PASSED))];
    let mut message = SendAncillaryBuffer::new(&mut space);
    if !message.push(SendAncillaryMessage::ScmRights(&passed)) {
        return Err(io::Error::other("no room for descriptors"));
    }
    sendmsg(zygote, &[IoSlice::new(b"1")], &mut message, SendFlags::NOSIGNAL)?;
    Ok(())
}

/// The next order; none when nobody is left to give any.
pub(super) fn receive(parent: impl AsFd) -> io::Result<Option<(Ends, UnixStream)>> {
    let mut space = [MaybeUninit::uninit(); cmsg_space!(ScmRights(PASSED))];
    let mut message = RecvAncillaryBuffer::new(&mut space);
    let mut word = [0];
    let words = &mut [IoSliceMut::new(&mut word)];
    if recvmsg(parent, words, &mut message, RecvFlags::CMSG_CLOEXEC)?.bytes == 0 {
        return Ok(None);
    }
    let passed: Vec<OwnedFd> = message
        .drain()
        .filter_map(|part| match part {
            RecvAncillaryMessage::ScmRights(passed) => Some(passed),
            _ => None,
        })
        .flatten()
        .collect();
    let [stdin, stdout, stderr, control] =
        passed.try_into().map_err(|_| io::Error::other("an order without its descriptors"))?;
    let ends = Ends { stdin: stdin.into(), stdout: stdout.into(), stderr: stderr.into() };
    Ok(Some((ends, control.into())))
}
