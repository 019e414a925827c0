//! A door to PostgreSQL that slams at the commit.

use std::{
    io::{Read, Write},
    net::Shutdown,
    os::unix::net::{UnixListener, UnixStream},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

/// When the connection is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// Before the server hears of the commit.
    Before,
    /// After the server committed, before the client hears of it.
    After,
}

/// Listens in `folder` for the server in `server`. Once armed, it cuts the next connection that commits.
pub(crate) fn open(folder: &Path, server: &Path, cut: Cut) -> Arc<AtomicBool> {
    let armed = Arc::new(AtomicBool::new(false));
    let listener = UnixListener::bind(folder.join(".s.PGSQL.5432")).unwrap();
    let (server, trap) = (server.join(".s.PGSQL.5432"), armed.clone());
    thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            let (server, trap) = (UnixStream::connect(&server).unwrap(), trap.clone());
            thread::spawn(move || forward(client, server, cut, &trap));
        }
    });
    armed
}

fn forward(mut client: UnixStream, mut server: UnixStream, cut: Cut, trap: &AtomicBool) {
    let mute = Arc::new(AtomicBool::new(false));
    let answering = {
        let (server, client, mute) = (
            server.try_clone().unwrap(),
            client.try_clone().unwrap(),
            mute.clone(),
        );
        thread::spawn(move || answer(server, client, &mute))
    };
    let mut buffer = [0; 16 * 1024];
    while let Ok(length @ 1..) = client.read(&mut buffer) {
        let sent = &buffer[..length];
        let commits = sent.windows(6).any(|bytes| bytes == b"COMMIT");
        if commits && trap.swap(false, Ordering::SeqCst) {
            mute.store(true, Ordering::SeqCst);
            if cut == Cut::After {
                server.write_all(sent).unwrap();
                answering.join().unwrap();
            }
            break;
        }
        server.write_all(sent).unwrap();
    }
    for end in [&client, &server] {
        drop(end.shutdown(Shutdown::Both));
    }
}

fn answer(mut server: UnixStream, mut client: UnixStream, mute: &AtomicBool) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(length @ 1..) = server.read(&mut buffer) {
        if mute.load(Ordering::SeqCst) || client.write_all(&buffer[..length]).is_err() {
            return;
        }
    }
}
