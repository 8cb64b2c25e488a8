//! How many stand at each stage, from the market to those who were won back.

use std::time::Instant;

use weir_core::expr::{Expr, Warning};
use weir_core::stage_funnel::StageFunnel;
use weir_core::time::Day;
use weir_core::{Code, Error, Result};
use weir_engine::eval::evaluate;
use weir_engine::states::Subject;

use crate::app::{View, Workspace};
use crate::lens::check_scope;
use crate::states::{lost, subject};
use crate::whom::{Whom, check_beside};

/// Most dates of one answer.
const MOST_DATES: usize = 60;

/// A stage funnel at some dates.
#[derive(Debug, Clone, PartialEq)]
pub struct StageFunnelAnswer {
    /// What was asked.
    pub asked: StageFunnel,
    /// Who is at each stage, to be evaluated as of a date.
    pub exprs: Vec<Expr>,
    /// One for each date, in the order asked.
    pub at: Vec<StageCounts>,
    /// Frozen members who have become one with another.
    pub merged: u64,
    /// Frozen members whose data is gone.
    pub erased: u64,
    /// How long it took, check and plan included, in microseconds.
    pub elapsed_us: u64,
    /// Values nobody has mentioned.
    pub warnings: Vec<Warning>,
}

/// How many stand at each stage at a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageCounts {
    /// The date.
    pub date: Day,
    /// One count for each stage.
    pub counts: Vec<u64>,
    /// Size of the set looked at; of a snapshot the size it was frozen with.
    pub total: u64,
}

impl Workspace {
    /// How many of a subject stand at each stage at some dates.
    pub fn stage_funnel(&self, asked: &StageFunnel, dates: &[Day], whom: &Whom) -> Result<StageFunnelAnswer> {
        if !(1..=MOST_DATES).contains(&dates.len()) {
            let message =
                format!("a stage funnel is asked for at 1 to {MOST_DATES} dates, not {}", dates.len());
            return Err(Error::new(Code::InvalidArgument, message).at("at"));
        }
        let (view, whom) = (self.view()?, &self.by_id(whom)?);
        let started = Instant::now();
        let subject = subject(&view, whom)?;
        let mut warnings = asked.check(&view.names)?;
        warnings.extend(check_scope(&view, &asked.scope));
        warnings.extend(check_beside(&view, whom)?);
        let of = match whom {
            Whom::Universe => None,
            Whom::Snapshot(id) => Some(Expr::Snapshot(id.clone())),
            Whom::Expression(_) | Whom::Audience(_) => whom.expression(),
        };
        let counted = asked.counted(of.as_ref());
        let at = dates.iter().map(|date| counts(&view, &counted, &subject, of.as_ref(), *date));
        let at = at.collect::<Result<_>>()?;
        let (merged, erased) = lost(&subject);
        Ok(StageFunnelAnswer {
            exprs: (0..asked.stages.len()).map(|stage| asked.level(stage, of.as_ref())).collect(),
            asked: asked.clone(),
            at,
            merged,
            erased,
            elapsed_us: started.elapsed().as_micros() as u64,
            warnings,
        })
    }
}

fn counts(
    view: &View,
    (whole, places): &(Expr, Vec<String>),
    subject: &Subject,
    of: Option<&Expr>,
    date: Day,
) -> Result<StageCounts> {
    let evaluation = evaluate(view.world(), &view.names, whole, date)?;
    let count = |place: &String| {
        let node = evaluation.nodes.iter().find(|(at, _)| at == place);
        node.map(|(_, count)| *count).ok_or_else(|| Error::internal("a stage was not counted"))
    };
    let total = match (subject, of) {
        (Subject::Frozen(frozen), _) => frozen.size(),
        (_, None) => evaluation.universe,
        (_, Some(of)) => evaluate(view.world(), &view.names, of, date)?.count,
    };
    Ok(StageCounts { date, counts: places.iter().map(count).collect::<Result<_>>()?, total })
}
