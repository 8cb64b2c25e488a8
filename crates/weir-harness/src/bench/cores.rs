//! Which cores do what. Without the right or the tool to choose, everything runs everywhere, and the report says so.

use std::process::{Command, Stdio};
use std::str::FromStr;

/// Who may run where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CoreUse {
    /// Clients and server have cores of their own: neither takes time from the other.
    Split,
    /// All run on all cores, so that two cores show whether the server makes use of more than one.
    Shared,
}

impl FromStr for CoreUse {
    type Err = String;

    fn from_str(text: &str) -> Result<CoreUse, String> {
        match text {
            "split" => Ok(CoreUse::Split),
            "shared" => Ok(CoreUse::Shared),
            _ => Err(format!("{text} is not a use of cores; write split or shared")),
        }
    }
}

/// The cores of the load and of the server, as `taskset` writes them.
#[derive(Debug, Clone)]
pub struct Cores {
    /// Of the clients.
    pub load: String,
    /// Of the server, and of the thread that writes the bare log.
    pub server: String,
    /// Whether threads could be bound to them.
    pub bound: bool,
}

impl Cores {
    /// The cores of a machine that has so many.
    pub fn new(of: CoreUse, count: usize) -> Cores {
        if of == CoreUse::Split && count > 1 {
            return Cores::split(count);
        }
        let all = range(0, count);
        Cores { load: all.clone(), server: all, bound: false }
    }

    /// A quarter of the machine, at least one core, for the clients; the rest for the server.
    fn split(count: usize) -> Cores {
        let load = (count / 4).max(1);
        Cores { load: range(0, load), server: range(load, count), bound: true }
    }

    /// Binds the calling thread, and all it starts, to the clients' cores.
    pub fn bind_load(&mut self) {
        self.bound = self.bound && bind(&self.load);
    }

    /// Binds the calling thread to the server's cores.
    pub fn bind_server(&self) {
        if self.bound {
            bind(&self.server);
        }
    }

    /// What starts the server on its cores.
    pub fn prefix(&self) -> Vec<&str> {
        if self.bound { vec!["taskset", "--cpu-list", &self.server] } else { Vec::new() }
    }

    /// In words.
    pub fn describe(&self) -> String {
        if self.bound {
            format!("clients on core {}, server on core {}", self.load, self.server)
        } else {
            "clients and server share all cores, none is bound".to_owned()
        }
    }
}

fn range(first: usize, end: usize) -> String {
    if end - first == 1 { first.to_string() } else { format!("{first}-{}", end - 1) }
}

fn bind(cores: &str) -> bool {
    // "1234/task/1240"
    let Ok(place) = std::fs::read_link("/proc/thread-self") else { return false };
    let Some(thread) = place.file_name() else { return false };
    let mut command = Command::new("taskset");
    command.args(["--cpu-list", "--pid", cores]).arg(thread).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_core_is_given_twice() {
        for (count, load, server) in [(1, "0", "0"), (2, "0", "1"), (4, "0", "1-3"), (8, "0-1", "2-7")] {
            let cores = Cores::new(CoreUse::Split, count);
            assert_eq!((cores.load.as_str(), cores.server.as_str()), (load, server), "{count}");
        }
        let cores = Cores::new(CoreUse::Shared, 2);
        assert_eq!((cores.load.as_str(), cores.server.as_str(), cores.bound), ("0-1", "0-1", false));
    }
}
