//! Numbers of the disk.

use weir_app::Space;

use super::{family, line};

type Bytes = fn(&Space) -> Option<u64>;

/// One family for each bound of every workspace; of the disk there is one for all.
const FAMILIES: [(&str, &str, Bytes); 3] = [
    ("weir_disk_used_bytes", "Bytes of the disk that a workspace uses.", |space| Some(space.used)),
    ("weir_disk_limit_bytes", "Bytes of the disk that a workspace may use; none: no limit.", |space| {
        space.limit
    }),
    ("weir_disk_reserve_bytes", "Bytes that must stay free for a workspace to take in.", |space| {
        Some(space.reserve)
    }),
];

pub(super) fn write(out: &mut String, spaces: &[(String, Space)]) {
    for (name, help, bytes) in FAMILIES {
        family(out, name, "gauge", help);
        for (workspace, space) in spaces {
            if let Some(bytes) = bytes(space) {
                line(out, name, &format!(r#"{{workspace="{workspace}"}}"#), bytes);
            }
        }
    }
    family(out, "weir_disk_free_bytes", "gauge", "Bytes that are free on the disk of the data directory.");
    if let Some(free) = spaces.iter().find_map(|(_, space)| space.free) {
        line(out, "weir_disk_free_bytes", "", free);
    }
}
