//! Space on the disk.

use serde::Serialize;
use utoipa::ToSchema;

/// What a workspace uses of the disk, and what is left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Space {
    /// Bytes that the workspace uses: its files, what waits in the log, and the database that all workspaces share.
    #[schema(example = 48_230_119_424_u64)]
    pub used_bytes: u64,
    /// Bytes that it may use; left out: no limit.
    #[schema(example = 50_000_000_000_u64)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit_bytes: Option<u64>,
    /// Bytes that are free on the disk of the data directory; left out where the system does not tell.
    #[schema(example = 120_000_000_000_u64)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free_bytes: Option<u64>,
    /// Bytes that must stay free there.
    #[schema(example = 1_073_741_824_u64)]
    pub reserve_bytes: u64,
    /// Whether nothing is taken in for want of space.
    pub is_full: bool,
    /// Which setting is in the way: `disk_limit` or `disk_reserve`.
    #[schema(example = "disk_limit")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
}

impl Space {
    /// With what is in the way.
    pub fn new(space: &weir_app::Space, shortage: Option<weir_app::Shortage>) -> Space {
        Space {
            used_bytes: space.used,
            limit_bytes: space.limit,
            free_bytes: space.free,
            reserve_bytes: space.reserve,
            is_full: shortage.is_some(),
            reason: shortage.map(weir_app::Shortage::name),
        }
    }
}

impl From<&weir_app::Space> for Space {
    fn from(space: &weir_app::Space) -> Space {
        Space::new(space, space.shortage(0))
    }
}
