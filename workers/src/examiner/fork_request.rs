//! The request to a zygote to fork a child with these file descriptors.

use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;

use rustix::cmsg_space;
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, recvmsg, sendmsg,
};

use super::pipes::ChildPipes;

/// File descriptors of one request: three pipes and the stream for its end.
const PASSED: usize = 4;

/// Sends a request. Requests of several threads do not mix: each is one packet.
pub(super) fn send(zygote: impl AsFd, pipes: &ChildPipes, control: &UnixStream) -> io::Result<()> {
    let passed = [pipes.stdin.as_fd(), pipes.stdout.as_fd(), pipes.stderr.as_fd(), control.as_fd()];
    let mut space = [MaybeUninit::uninit(); cmsg_space!(ScmRights(PASSED))];
    let mut message = SendAncillaryBuffer::new(&mut space);
    if !message.push(SendAncillaryMessage::ScmRights(&passed)) {
        return Err(io::Error::other("no space for file descriptors"));
    }
    sendmsg(zygote, &[IoSlice::new(b"1")], &mut message, SendFlags::NOSIGNAL)?;
    Ok(())
}

/// Receives the next request; `None` once the parent closed the socket.
pub(super) fn receive(parent: impl AsFd) -> io::Result<Option<(ChildPipes, UnixStream)>> {
    let mut space = [MaybeUninit::uninit(); cmsg_space!(ScmRights(PASSED))];
    let mut message = RecvAncillaryBuffer::new(&mut space);
    let mut byte = [0];
    let buffers = &mut [IoSliceMut::new(&mut byte)];
    if recvmsg(parent, buffers, &mut message, RecvFlags::CMSG_CLOEXEC)?.bytes == 0 {
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
    let [stdin, stdout, stderr, control] = passed
        .try_into()
        .map_err(|_| io::Error::other("a fork request without its file descriptors"))?;
    let pipes = ChildPipes { stdin: stdin.into(), stdout: stdout.into(), stderr: stderr.into() };
    Ok(Some((pipes, control.into())))
}
