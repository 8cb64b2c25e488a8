//! A portrait: for each row of some cuts how many of a subject and of a base are in it; what that says is
//! [`weir_core::portrait`].

use weir_core::Result;
use weir_core::cut::Cut;
use weir_core::expr::Expr;
use weir_core::portrait::Sizes;
use weir_core::time::Day;
use weir_core::vocabulary::Vocabulary;

use crate::cut::{Rows, Wanted, rows};
use crate::eval::evaluate;
use crate::members::Members;
use crate::world::World;

/// The people of a portrait.
pub struct Sitters {
    subject: Members,
    base: Members,
    both: Members,
}

impl Sitters {
    /// Subject and base, whose names have been checked, as of a date.
    pub fn new(
        world: &World,
        names: &dyn Vocabulary,
        (subject, base): (&Expr, &Expr),
        as_of: Day,
    ) -> Result<Sitters> {
        let subject = evaluate(world, names, subject, as_of)?.members;
        let base = evaluate(world, names, base, as_of)?.members;
        let mut both = subject.clone();
        both.shards.iter_mut().zip(&base.shards).for_each(|(set, other)| set.and(other));
        Ok(Sitters { subject, base, both })
    }

    /// How many they are.
    pub fn sizes(&self) -> Sizes {
        Sizes { subject: self.subject.count(), base: self.base.count(), both: self.both.count() }
    }

    /// How many are in each row of a cut: of the subject, of the base, of both, in this order. Rows are ordered, and
    /// quantiles taken, by the base.
    pub fn rows(
        &self,
        world: &World,
        names: &dyn Vocabulary,
        (cut, limit): (&Cut, usize),
        as_of: Day,
    ) -> Result<Rows> {
        let sets = [&self.subject, &self.base, &self.both];
        rows(world, names, cut, (&sets, Wanted { by: 1, limit }), as_of)
    }
}
