//! The real binary over a data directory of its own, and a small shop to put into it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const EVENTS: &str = "\
time,user,behavior,channel,shop,amount
2024-11-01 10:00:00,ada,impression,sms,flagship,
2024-11-02 10:00:00,ada,purchase,shop,flagship,1234.50
2024-11-02 11:00:00,bob,view,shop,flagship,
2024-11-03 09:00:00,\"c,d\",add_to_cart,shop,outlet,
2024-11-03 09:30:00,dan,view,pigeon,flagship,
2024-11-03 09:30:00,dan,view,pigeon,flagship,
,eve,view,shop,flagship,
";

const EVENTS_SQL: &str = "\
SELECT \"time\" AS time, \"user\" AS id_user_id, \"behavior\" AS behavior, \"channel\" AS channel, \"shop\" AS shop,
    \"amount\" AS amount FROM input";

/// A folder to work in, with a data directory below it.
pub struct Weir {
    folder: TempDir,
}

/// What a run left behind.
pub struct Run {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Weir {
    pub fn empty() -> Weir {
        Weir { folder: tempfile::tempdir().unwrap() }
    }

    /// The small shop.
    pub fn shop() -> Weir {
        let weir = Weir::empty();
        weir.file("events.csv", EVENTS);
        weir.file("events.sql", EVENTS_SQL);
        weir.run(&["workspace", "set", "timezone=Asia/Shanghai", "currency=CNY"]).ok();
        weir.run(&["import", "events", "events.csv", "--sql", "events.sql", "--source", "shop"]).ok();
        weir
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file into the folder.
    pub fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    /// The command, not started: in the folder, with nothing from outside that changes what it prints.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_weir"));
        command.current_dir(self.folder.path()).args(args);
        for name in ["WEIR_DATA", "WEIR_LOG", "WEIR_ALLOW_NETWORKS", "COLUMNS"] {
            command.env_remove(name);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub fn run(&self, args: &[&str]) -> Run {
        Run::of(&self.command(args).output().unwrap())
    }

    /// With text on stdin.
    pub fn pipe(&self, stdin: &str, args: &[&str]) -> Run {
        let mut child = self.command(args).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
        Run::of(&child.wait_with_output().unwrap())
    }

    /// The answer as JSON.
    #[track_caller]
    pub fn json(&self, args: &[&str]) -> Value {
        self.run(&[args, &["--json"]].concat()).json()
    }

    /// The answer to an expression as JSON.
    #[track_caller]
    pub fn eval(&self, expression: &str, as_of: &str) -> Value {
        self.pipe(expression, &["eval", "-", "--as-of", as_of, "--json"]).json()
    }
}

impl Run {
    fn of(output: &Output) -> Run {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let status = output.status.code().unwrap_or(-1);
        Run { status, stdout: text(&output.stdout), stderr: text(&output.stderr) }
    }

    /// stdout of a run that went well and was quiet on stderr.
    #[track_caller]
    pub fn ok(&self) -> &str {
        assert_eq!((self.status, self.stderr.as_str()), (0, ""), "{}", self.stdout);
        &self.stdout
    }

    /// The one JSON document of a run that went well: one line.
    #[track_caller]
    pub fn json(&self) -> Value {
        let line = self.ok().strip_suffix('\n').unwrap();
        assert!(!line.contains('\n'), "{line}");
        serde_json::from_str(line).unwrap()
    }

    /// Status and stderr of a run that failed and answered nothing.
    #[track_caller]
    pub fn error(&self) -> String {
        assert_eq!(self.stdout, "");
        format!("{}\n{}", self.status, self.stderr)
    }
}
