//! How a packed row lies in bytes, and how it is read.

use bytemuck::{Pod, Zeroable};
use weir_core::identity::Node;
use weir_core::time::Micros;

use crate::row::{NO_AMOUNT, NO_ORDER};
use crate::symbols::{ABSENT, Column};

/// What every row has.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub(super) struct Head {
    pub time: i64,
    pub node: u32,
    pub local: u16,
    pub flags: u16,
}

/// What rows that follow each other mostly share: it stands before the first of them only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct Shared {
    pub behavior: u32,
    pub shop: u32,
    pub channel: u32,
    pub day: i32,
}

/// Columns whose numbers a row may lack, in their order; the flag of each is its place.
pub(super) const NUMBERS: [Column; 4] = [Column::Brand, Column::Category, Column::Campaign, Column::Item];
pub(super) const ORDER: u16 = 1 << 4;
pub(super) const AMOUNT: u16 = 1 << 5;
pub(super) const QUANTITY: u16 = 1 << 6;
pub(super) const PROPERTIES: u16 = 1 << 7;
pub(super) const SHARED: u16 = 1 << 8;

const ANY_NUMBER: u16 = 0b1111;

/// The longest row without properties.
const LONGEST: usize = size_of::<Head>() + size_of::<Shared>() + 4 * 4 + 3 * 8;

/// One row, as it is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Packed<'a> {
    pub local: u16,
    pub node: Node,
    pub time: Micros,
    /// Brand, category, campaign, item.
    pub numbers: [u32; 4],
    pub order: u64,
    pub amount: i64,
    pub quantity: i64,
    pub(crate) properties: PackedProperties<'a>,
}

/// The properties of a row: numbers of keys, and values as JSON text.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct PackedProperties<'a>(&'a [u8]);

impl<'a> PackedProperties<'a> {
    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// Each key's number and value.
    pub fn iter(self) -> impl Iterator<Item = (u32, &'a str)> {
        let mut rest = self.0;
        let count = take::<u32>(&mut rest).unwrap_or(0);
        (0..count).map_while(move |_| {
            let (key, length): (u32, u32) = (take(&mut rest)?, take(&mut rest)?);
            let (value, after) = rest.split_at_checked(length as usize)?;
            rest = after;
            Some((key, std::str::from_utf8(value).unwrap_or("null")))
        })
    }
}

/// The fixed parts of a row, put together before they are appended at once.
pub(super) struct Fixed {
    bytes: [u8; LONGEST],
    len: usize,
}

impl Fixed {
    pub fn after(head: Head) -> Fixed {
        let mut fixed = Fixed { bytes: [0; LONGEST], len: 0 };
        fixed.put(head);
        fixed
    }

    pub fn put<T: Pod>(&mut self, value: T) {
        let end = self.len + size_of::<T>();
        self.bytes[self.len..end].copy_from_slice(bytemuck::bytes_of(&value));
        self.len = end;
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

/// The first row with what it shares, given what the row before had, and how many bytes it takes; `None` if it is not
/// whole.
pub(super) fn read<'a>(bytes: &'a [u8], shared: &mut Option<Shared>) -> Option<(Packed<'a>, usize)> {
    let mut rest = bytes;
    let Head { time, node, local, flags } = take(&mut rest)?;
    let has = |flag: u16| flags & flag != 0;
    if has(SHARED) {
        *shared = Some(take(&mut rest)?);
    }
    shared.as_ref()?;
    let mut numbers = [ABSENT; 4];
    if has(ANY_NUMBER) {
        for (_, number) in numbers.iter_mut().enumerate().filter(|(place, _)| has(1 << place)) {
            *number = take(&mut rest)?;
        }
    }
    let order = if has(ORDER) { take(&mut rest)? } else { NO_ORDER };
    let amount = if has(AMOUNT) { take(&mut rest)? } else { NO_AMOUNT };
    let quantity = if has(QUANTITY) { take(&mut rest)? } else { NO_AMOUNT };
    let properties = if has(PROPERTIES) { take_properties(&mut rest)? } else { PackedProperties::default() };
    let row = Packed { local, node, time, numbers, order, amount, quantity, properties };
    Some((row, bytes.len() - rest.len()))
}

fn take_properties<'a>(rest: &mut &'a [u8]) -> Option<PackedProperties<'a>> {
    let all = *rest;
    let count: u32 = take(rest)?;
    for _ in 0..count {
        let _key: u32 = take(rest)?;
        let length: u32 = take(rest)?;
        *rest = rest.get(length as usize..)?;
    }
    Some(PackedProperties(&all[..all.len() - rest.len()]))
}

fn take<T: Pod>(bytes: &mut &[u8]) -> Option<T> {
    let (head, rest) = bytes.split_at_checked(size_of::<T>())?;
    *bytes = rest;
    Some(bytemuck::pod_read_unaligned(head))
}
