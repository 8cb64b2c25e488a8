//! Use cases: one function per thing a user can ask for, the same for the command line and HTTP
