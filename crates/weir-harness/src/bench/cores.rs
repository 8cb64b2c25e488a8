//! Which cores do what. Without the right or the tool to choose, everything runs everywhere, and the report says so.

use std::process::{Command, Stdio};

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
    /// A quarter of the machine, at least one core, for the clients; the rest for the server.
    pub fn split(count: usize) -> Cores {
        let load = (count / 4).max(1);
        if count < 2 {
            return Cores { load: "0".to_owned(), server: "0".to_owned(), bound: false };
        }
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

    /// How many the server has.
    pub fn of_server(&self) -> usize {
        self.server.split_once('-').map_or(1, |(first, last)| {
            let number = |text: &str| text.parse::<usize>().unwrap_or(0);
            number(last) + 1 - number(first)
        })
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
        for (count, load, server, of_server) in
            [(1, "0", "0", 1), (2, "0", "1", 1), (4, "0", "1-3", 3), (8, "0-1", "2-7", 6)]
        {
            let cores = Cores::split(count);
            let found = (cores.load.as_str(), cores.server.as_str(), cores.of_server());
            assert_eq!(found, (load, server, of_server), "{count}");
        }
    }
}
