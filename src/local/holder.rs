//! Who listens on a port of this machine, as far as /proc tells.

use std::fmt::{self, Display};
use std::fs;

/// Longest piece of a command line that is shown, in characters.
const SHOWN: usize = 80;

/// Who listens on a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Holder {
    /// A process that this user may look into.
    Process {
        /// Its number.
        pid: i32,
        /// Its command line.
        command: String,
    },
    /// A process of another user.
    User(u32),
}

impl Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Process { pid, command } => write!(f, "`{command}` (pid {pid})"),
            Self::User(uid) => write!(f, "a process of another user (uid {uid})"),
        }
    }
}

/// Who listens on `port`; `None` where that can't be known.
pub(super) fn of(port: u16) -> Option<Holder> {
    let listener = ["/proc/net/tcp", "/proc/net/tcp6"]
        .iter()
        .filter_map(|table| fs::read_to_string(table).ok())
        .find_map(|table| listener(&table, port))?;
    Some(process_with(listener.inode).unwrap_or(Holder::User(listener.uid)))
}

#[derive(Debug, PartialEq, Eq)]
struct Listener {
    uid: u32,
    inode: u64,
}

/// The socket that listens on `port`, from the text of /proc/net/tcp: columns are number, local address as
/// `ADDRESS:PORT` in hexadecimal, remote address, state (0A: listens), queues, timer, retransmits, uid, timeout, inode.
fn listener(table: &str, port: u16) -> Option<Listener> {
    let local = format!(":{port:04X}");
    table.lines().skip(1).find_map(|line| {
        let columns: Vec<&str> = line.split_whitespace().collect();
        let listens = columns.get(1)?.ends_with(&local) && *columns.get(3)? == "0A";
        if !listens {
            return None;
        }
        Some(Listener { uid: columns.get(7)?.parse().ok()?, inode: columns.get(9)?.parse().ok()? })
    })
}

fn process_with(inode: u64) -> Option<Holder> {
    let socket = format!("socket:[{inode}]");
    let pids = fs::read_dir("/proc").ok()?.flatten().filter_map(|e| e.file_name().to_str()?.parse::<i32>().ok());
    let holds = |pid: i32| {
        let open = fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten();
        open.filter_map(|fd| fs::read_link(fd.path()).ok()).any(|target| target.as_os_str() == socket.as_str())
    };
    pids.into_iter().find(|pid| holds(*pid)).map(|pid| Holder::Process { pid, command: command(pid) })
}

fn command(pid: i32) -> String {
    let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let words: Vec<_> = line.split(|b| *b == 0).filter(|w| !w.is_empty()).map(String::from_utf8_lossy).collect();
    let line = words.join(" ");
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::{Holder, Listener, listener, of};

    const TABLE: &str = "\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 0100007F:D2F0 01 00000000:00000000 00:00000000 00000000  1000        0 11 1 0 20 4 30 10 -1
   1: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4711 1 0 100 0 0 10 0
";

    #[test]
    fn finds_who_listens_not_who_is_connected() {
        assert_eq!(listener(TABLE, 8080), Some(Listener { uid: 1000, inode: 4711 }));
        assert_eq!(listener(TABLE, 8081), None);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn finds_this_very_process() {
        let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let Some(Holder::Process { pid, command }) = of(socket.local_addr().unwrap().port()) else { panic!() };
        assert_eq!(pid, i32::try_from(std::process::id()).unwrap());
        assert!(!command.is_empty());
    }
}
