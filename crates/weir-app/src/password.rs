//! A password for the console: for people, as tokens are for programs.
//!
//! Kept is a slow, salted hash (Argon2id with the parameters that its authors recommend). The password itself is in no
//! error, no log and no answer.

use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use weir_core::time::Micros;
use weir_core::{Code, Error, Result};

use crate::app::{App, Workspace};
use crate::session::Session;

/// Fewest characters: shorter ones are guessed.
const FEWEST: usize = 8;
/// Most bytes: nobody remembers more, and hashing must not be a way to keep us busy.
const MOST: usize = 1024;

impl App {
    /// Whether any workspace has a password.
    pub fn has_passwords(&self) -> Result<bool> {
        for name in self.store().workspaces()? {
            if self.store().workspace(&name)?.password()?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Begins a session for whoever knows the password. Which of workspace and password is wrong is not said.
    pub fn log_in_by_password(&self, workspace: &str, password: &str) -> Result<Session> {
        let known = match self.store().workspace(workspace) {
            Ok(workspace) => workspace.password()?,
            Err(_) => None,
        };
        let fits = match known {
            Some(known) => verify(password, &known.hash)?,
            // It takes as long where there is none, so that time does not tell.
            None => hashed(password).map(|_| false)?,
        };
        if fits { self.begin_session(workspace) } else { Err(wrong("/password")) }
    }
}

impl Workspace {
    /// When the password was set, if one was.
    pub fn password_set(&self) -> Result<Option<Micros>> {
        Ok(self.store().password()?.map(|password| password.changed))
    }

    /// Refuses unless `password` is the one that was set, or none was.
    pub fn check_password(&self, password: Option<&str>) -> Result<()> {
        match (self.store().password()?, password) {
            (None, _) => Ok(()),
            (Some(known), Some(password)) if verify(password, &known.hash)? => Ok(()),
            (Some(_), _) => Err(wrong("/current").help("on the server: weir password set")),
        }
    }

    /// Sets the password and ends all sessions but the one with this secret.
    pub fn set_password(&self, password: &str, kept: Option<&str>) -> Result<()> {
        let length = password.chars().count();
        if length < FEWEST || password.len() > MOST {
            let message = format!("a password has at least {FEWEST} characters and at most {MOST} bytes");
            return Err(Error::new(Code::InvalidArgument, message).at("/password").help("take a few words"));
        }
        self.store().set_password(&hashed(password)?, kept)
    }
}

fn wrong(at: &str) -> Error {
    Error::new(Code::Unauthorized, "this password is not right").at(at)
}

fn hashed(password: &str) -> Result<String> {
    let mut salt = [0_u8; 16];
    getrandom::fill(&mut salt).map_err(|error| Error::internal(format!("no random numbers: {error}")))?;
    let salt = SaltString::encode_b64(&salt).map_err(|error| unhashable(&error))?;
    let hash = Argon2::default().hash_password(password.as_bytes(), &salt);
    hash.map(|hash| hash.to_string()).map_err(|error| unhashable(&error))
}

fn verify(password: &str, hash: &str) -> Result<bool> {
    let hash = PasswordHash::new(hash).map_err(|error| unhashable(&error))?;
    match Argon2::default().verify_password(password.as_bytes(), &hash) {
        Ok(()) => Ok(true),
        Err(argon2::password_hash::Error::Password) => Ok(false),
        Err(error) => Err(unhashable(&error)),
    }
}

fn unhashable(error: &argon2::password_hash::Error) -> Error {
    Error::internal(format!("hashing a password: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_of_one_password_and_says_nothing_of_it() {
        let (one, other) = (hashed("都江堰 two words").unwrap(), hashed("都江堰 two words").unwrap());
        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
        assert!(one != other && !one.contains("words"));
        assert_eq!(verify("都江堰 two words", &one), Ok(true));
        assert_eq!(verify("都江堰 two word", &one), Ok(false));
    }
}
