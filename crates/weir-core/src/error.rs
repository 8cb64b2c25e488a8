//! One error type for the whole house.
//!
//! An error names its owner (the user, or us), carries a stable code, one sentence, often a hint, and where it
//! helps the place (`at`: a JSON pointer or a column). Every public code is one line of the table below; exit
//! status and HTTP status derive from its kind, never from the text.

use std::fmt;
use std::io::ErrorKind;

/// The number by which a Unix says that a device failed; the library has no name for it.
const EIO: i32 = 5;

/// Whose fault it is, and so what the outermost layer answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The request is wrong; sending it again will not help.
    Invalid,
    /// The thing named does not exist.
    NotFound,
    /// The request does not fit the present state of the store.
    Conflict,
    /// No or wrong credentials.
    Unauthorized,
    /// The caller is known, and may not.
    Forbidden,
    /// Ours and temporary: try again.
    Unavailable,
    /// Ours: a file is damaged, the disk failed, or there is a bug.
    Internal,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident, $text:literal, $kind:ident;)*) => {
        /// Every public error code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// All codes, for documentation.
            pub const ALL: &'static [Code] = &[$(Code::$name,)*];

            /// The stable text of the code, as it stands in JSON.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$name => $text,)* }
            }

            /// Whose fault this code is.
            pub fn kind(self) -> Kind {
                match self { $(Code::$name => Kind::$kind,)* }
            }
        }
    };
}

codes! {
    /// The text is not JSON (or not YAML).
    InvalidJson, "invalid_json", Invalid;
    /// The JSON is not an expression.
    InvalidExpression, "invalid_expression", Invalid;
    /// The document is not a valid state model.
    InvalidModel, "invalid_model", Invalid;
    /// A definition file is not valid.
    InvalidDefinition, "invalid_definition", Invalid;
    /// The document is not a valid destination.
    InvalidDestination, "invalid_destination", Invalid;
    /// The document is not a valid track.
    InvalidTrack, "invalid_track", Invalid;
    /// An address that nothing may be sent to, unless the operator allows its network.
    ForbiddenAddress, "forbidden_address", Invalid;
    /// Not a date, or an impossible one.
    InvalidDate, "invalid_date", Invalid;
    /// Not a scope, or not one that fits.
    InvalidScope, "invalid_scope", Invalid;
    /// An argument or setting does not make sense.
    InvalidArgument, "invalid_argument", Invalid;
    /// A mapping's SQL or its output columns are wrong.
    InvalidMapping, "invalid_mapping", Invalid;
    /// Ad-hoc SQL failed to parse, plan or run.
    InvalidSql, "invalid_sql", Invalid;
    /// A body is not what its address takes.
    InvalidBody, "invalid_body", Invalid;
    /// A body is larger than is taken in one request.
    BodyTooLarge, "body_too_large", Invalid;
    /// More events than are taken in one request.
    TooManyEvents, "too_many_events", Invalid;
    /// An input file cannot be read as what it claims to be.
    UnreadableFile, "unreadable_file", Invalid;
    /// An input file does not exist.
    FileNotFound, "file_not_found", Invalid;
    /// A behavior nobody has declared or sent.
    UnknownBehavior, "unknown_behavior", Invalid;
    /// A channel that is not in the tree.
    UnknownChannel, "unknown_channel", Invalid;
    /// A leaf name that stands at more than one place of a tree.
    AmbiguousName, "ambiguous_name", Invalid;
    /// A tag that no import or definition has named.
    UnknownTag, "unknown_tag", Invalid;
    /// A list that was never uploaded.
    UnknownList, "unknown_list", Invalid;
    /// An audience that does not exist, named inside an expression or a command.
    UnknownAudience, "unknown_audience", NotFound;
    /// A snapshot that does not exist.
    UnknownSnapshot, "unknown_snapshot", NotFound;
    /// A state model that does not exist.
    UnknownModel, "unknown_model", NotFound;
    /// A state that the model does not have.
    UnknownState, "unknown_state", Invalid;
    /// A consumer nobody has heard of.
    UnknownConsumer, "unknown_consumer", NotFound;
    /// Two identifiers that no recorded link is between.
    UnknownLink, "unknown_link", NotFound;
    /// An import that does not exist or was already taken back.
    UnknownImport, "unknown_import", NotFound;
    /// A destination that does not exist.
    UnknownDestination, "unknown_destination", NotFound;
    /// A track that does not exist.
    UnknownTrack, "unknown_track", NotFound;
    /// A push that does not exist.
    UnknownPush, "unknown_push", NotFound;
    /// A job that does not exist, or is long forgotten.
    UnknownJob, "unknown_job", NotFound;
    /// A source that does not exist.
    UnknownSource, "unknown_source", NotFound;
    /// The source was disabled by somebody; nothing is taken from it.
    SourceDisabled, "source_disabled", NotFound;
    /// A feature that does not exist.
    UnknownFeature, "unknown_feature", NotFound;
    /// A workspace that does not exist.
    UnknownWorkspace, "unknown_workspace", NotFound;
    /// A route or thing that does not exist.
    NotFound, "not_found", NotFound;
    /// An audience or model refers to itself, directly or through others.
    Cycle, "cycle", Invalid;
    /// The audience is not as large as the caller has seen it.
    AudienceChanged, "audience_changed", Conflict;
    /// The destination was disabled, by itself or by somebody.
    DestinationDisabled, "destination_disabled", Conflict;
    /// Whoever asked has gone.
    Cancelled, "cancelled", Unavailable;
    /// Definitions do not do what their tests expect.
    TestsFailed, "tests_failed", Conflict;
    /// Something else still uses this.
    InUse, "in_use", Conflict;
    /// The name is taken.
    NameTaken, "name_taken", Conflict;
    /// The setting can no longer be changed because data depends on it.
    WorkspaceNotEmpty, "workspace_not_empty", Conflict;
    /// Another process is writing to this store.
    StoreBusy, "store_busy", Unavailable;
    /// A queue cannot be reached, or refuses to be read.
    QueueUnavailable, "queue_unavailable", Unavailable;
    /// More is asked at once than can be done at present.
    Overloaded, "overloaded", Unavailable;
    /// There is no space left for what was to be written.
    DiskFull, "disk_full", Unavailable;
    /// The disk failed to write or to sync.
    DiskFailed, "disk_failed", Unavailable;
    /// No or wrong token.
    Unauthorized, "unauthorized", Unauthorized;
    /// The workspace is without this feature.
    FeatureOff, "feature_off", Forbidden;
    /// A file of the store fails its checksum or cannot be decoded.
    CorruptFile, "corrupt_file", Internal;
    /// A file of the store was written by a newer version.
    NewerFormat, "newer_format", Internal;
    /// The operating system refused a read or a write.
    Io, "io_error", Internal;
    /// A bug.
    Internal, "internal", Internal;
}

/// An error with its owner, a sentence, and what to do.
#[derive(Debug, Clone, PartialEq)]
pub struct Error {
    /// Stable code.
    pub code: Code,
    /// One sentence: what is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// JSON pointer or column the error belongs to.
    pub at: Option<String>,
}

/// Result with [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error of `code` that says `message`.
    pub fn new(code: Code, message: impl Into<String>) -> Error {
        Error { code, message: message.into(), help: None, at: None }
    }

    /// A bug of ours, with what was expected.
    pub fn internal(message: impl Into<String>) -> Error {
        Error::new(Code::Internal, message)
    }

    /// An operating-system error while doing `what`.
    pub fn io(what: impl fmt::Display, error: &std::io::Error) -> Error {
        let message = format!("{what}: {error}");
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
                Error::new(Code::DiskFull, message).help("make space or raise the quota, then try again")
            }
            ErrorKind::ReadOnlyFilesystem => Error::disk_failed(message),
            _ if cfg!(unix) && error.raw_os_error() == Some(EIO) => Error::disk_failed(message),
            _ => Error::new(Code::Io, message),
        }
    }

    /// The disk did not do what it was asked to.
    pub fn disk_failed(message: impl Into<String>) -> Error {
        Error::new(Code::DiskFailed, message)
            .help("see the system's log for what is wrong with the disk, then try again")
    }

    /// The same error with a hint.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Error {
        self.help = Some(help.into());
        self
    }

    /// The same error at a place.
    #[must_use]
    pub fn at(mut self, at: impl Into<String>) -> Error {
        self.at = Some(at.into());
        self
    }

    /// The same error, its place moved below `prefix`.
    #[must_use]
    pub fn under(mut self, prefix: &str) -> Error {
        let inner = self.at.take().unwrap_or_default();
        self.at = Some(format!("{prefix}{inner}"));
        self
    }

    /// Whether the user can do something about it.
    pub fn is_users_fault(&self) -> bool {
        !matches!(self.code.kind(), Kind::Unavailable | Kind::Internal)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.message)?;
        if let Some(at) = &self.at {
            write!(f, " (at {at})")?;
        }
        if let Some(help) = &self.help {
            write!(f, "\n  help: {help}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

/// "did you mean …" for a name that is not among `known`.
pub fn suggestion<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let mut best: Option<(usize, &str)> = None;
    for candidate in known {
        let distance = strsim::damerau_levenshtein(&name.to_lowercase(), &candidate.to_lowercase());
        let close_enough = distance <= 1 + candidate.chars().count() / 4;
        if close_enough && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| format!("did you mean \"{candidate}\"?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_and_snake_case() {
        let mut seen = std::collections::BTreeSet::new();
        for code in Code::ALL {
            let text = code.as_str();
            assert!(seen.insert(text), "{text} stands twice");
            assert!(text.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{text}");
        }
    }

    #[test]
    fn display_names_place_and_help() {
        let error = Error::new(Code::UnknownTag, "there is no tag \"gendr\"")
            .at("/tag")
            .help("did you mean \"gender\"?");
        assert_eq!(
            error.to_string(),
            "there is no tag \"gendr\" (at /tag)\n  help: did you mean \"gender\"?"
        );
        assert_eq!(error.under("/all/0").at.as_deref(), Some("/all/0/tag"));
    }

    #[test]
    fn what_a_disk_does_is_temporary() {
        let code = |error: std::io::Error| Error::io("x", &error).code;
        assert_eq!(code(ErrorKind::StorageFull.into()), Code::DiskFull);
        assert_eq!(code(ErrorKind::QuotaExceeded.into()), Code::DiskFull);
        assert_eq!(code(std::io::Error::from_raw_os_error(EIO)), Code::DiskFailed);
        assert_eq!(code(ErrorKind::NotFound.into()), Code::Io);
        assert!([Code::DiskFull, Code::DiskFailed].iter().all(|code| code.kind() == Kind::Unavailable));
    }

    #[test]
    fn suggestion_needs_a_near_name() {
        assert_eq!(
            suggestion("purchse", ["purchase", "refund"]).as_deref(),
            Some("did you mean \"purchase\"?")
        );
        assert_eq!(suggestion("zebra", ["purchase", "refund"]), None);
    }
}
