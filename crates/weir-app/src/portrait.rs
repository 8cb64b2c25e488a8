//! Portraits: how a subject differs from a base, by everything that is known about people.

use std::time::Instant;

use weir_core::cut::Cut;
use weir_core::expr::{Expr, Warning, check};
use weir_core::portrait::{Comparison, Sizes, false_discovery};
use weir_core::time::Day;
use weir_core::vocabulary::Vocabulary;
use weir_core::{Code, Error, Result};
use weir_engine::cut::Rows;
use weir_engine::portrait::Sitters;

use crate::app::{View, Workspace};
use crate::whom::Whom;

/// What a portrait is by, beside all tags, unless it is said: short forms of cuts.
const USUAL: [&str; 7] = ["entrance", "category", "brand", "shop", "state=pno", "amount", "orders"];

/// Most cuts of a portrait, and most rows of a cut.
const MOST_CUTS: usize = 200;
const MOST_ROWS: usize = 1_000;

/// A portrait to be drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct PortraitRequest {
    /// Of whom.
    pub subject: Whom,
    /// Compared with whom.
    pub base: Whom,
    /// As of when.
    pub as_of: Day,
    /// By what; by everything usual if there is none.
    pub cuts: Vec<Cut>,
    /// Most rows of a cut whose rows are values.
    pub limit: usize,
}

/// A portrait as of a date.
#[derive(Debug, Clone, PartialEq)]
pub struct PortraitAnswer {
    /// The date.
    pub as_of: Day,
    /// How many people are compared.
    pub sizes: Sizes,
    /// By what, in the order asked.
    pub cuts: Vec<PortraitCut>,
    /// How long it took, in microseconds.
    pub elapsed_us: u64,
    /// Values nobody has mentioned.
    pub warnings: Vec<Warning>,
}

/// What one cut shows.
#[derive(Debug, Clone, PartialEq)]
pub struct PortraitCut {
    /// By what.
    pub cut: Cut,
    /// Its rows.
    pub rows: Vec<PortraitRow>,
    /// Those who are in none of the rows.
    pub rest: Sizes,
    /// How many more rows hold anybody.
    pub more: usize,
}

/// People of a row.
#[derive(Debug, Clone, PartialEq)]
pub struct PortraitRow {
    /// What it is called; none for those without a value.
    pub name: Option<String>,
    /// How many.
    pub sizes: Sizes,
    /// What that says.
    pub comparison: Comparison,
    /// Least rate of false discoveries, among all rows of the answer, at which the difference is one.
    pub q: Option<f64>,
    /// Those of the subject.
    pub expr: Expr,
}

impl PortraitRow {
    /// Whether the difference is worth noticing.
    pub fn is_notable(&self) -> bool {
        self.comparison.is_notable(self.q)
    }
}

impl Workspace {
    /// Draws a portrait.
    pub fn portrait(&self, asked: &PortraitRequest) -> Result<PortraitAnswer> {
        let view = self.view()?;
        let started = Instant::now();
        check_limit(asked.limit)?;
        let (subject, base) = (self.people_of(&asked.subject)?, self.people_of(&asked.base)?);
        let mut warnings = checked(&view, &asked.subject, &subject, "")?;
        warnings.extend(checked(&view, &asked.base, &base, "/base")?);
        let cuts = cuts_of(&view, &asked.cuts)?;
        for (i, cut) in cuts.iter().enumerate() {
            warnings.extend(check_cut(cut, &view, &format!("/cuts/{i}"))?);
        }
        let sitters = Sitters::new(view.world(), &view.names, (&subject, &base), asked.as_of)?;
        let (sizes, mut drawn) = (sitters.sizes(), Vec::new());
        for cut in cuts {
            let rows = sitters.rows(view.world(), &view.names, (&cut, asked.limit), asked.as_of)?;
            drawn.push(drawn_cut(cut, rows, sizes, &subject));
        }
        control(&mut drawn);
        let elapsed_us = started.elapsed().as_micros() as u64;
        Ok(PortraitAnswer { as_of: asked.as_of, sizes, cuts: drawn, elapsed_us, warnings })
    }

    /// Whom a portrait is of, as an expression; a snapshot by its id.
    fn people_of(&self, whom: &Whom) -> Result<Expr> {
        match self.by_id(whom)? {
            Whom::Snapshot(id) => Ok(Expr::Snapshot(id)),
            other => Ok(other.expression().unwrap_or(Expr::Everyone)),
        }
    }
}

fn check_limit(limit: usize) -> Result<()> {
    if (1..=MOST_ROWS).contains(&limit) {
        return Ok(());
    }
    let message = format!("the limit is a whole number from 1 to {MOST_ROWS}, not {limit}");
    Err(Error::new(Code::InvalidArgument, message).at("limit"))
}

fn checked(view: &View, whom: &Whom, expr: &Expr, at: &str) -> Result<Vec<Warning>> {
    let Whom::Expression(_) = whom else { return check(expr, &view.names) };
    let at = format!("{at}/expression");
    let mut warnings = check(expr, &view.names).map_err(|error| error.under(&at))?;
    warnings.iter_mut().for_each(|warning| warning.at.insert_str(0, &at));
    Ok(warnings)
}

/// Checks the names in a cut that stands at a place.
pub(crate) fn check_cut(cut: &Cut, view: &View, at: &str) -> Result<Vec<Warning>> {
    let mut warnings = cut.check(&view.names).map_err(|error| error.under(at))?;
    warnings.iter_mut().for_each(|warning| warning.at.insert_str(0, at));
    Ok(warnings)
}

/// The cuts asked for, or everything usual: each tag, then what people did.
fn cuts_of(view: &View, asked: &[Cut]) -> Result<Vec<Cut>> {
    if asked.len() > MOST_CUTS {
        let message = format!("a portrait has at most {MOST_CUTS} cuts, not {}", asked.len());
        return Err(Error::new(Code::InvalidArgument, message).at("cuts"));
    }
    if !asked.is_empty() {
        return Ok(asked.to_vec());
    }
    let mut names = view.names.tags();
    // What is only described has no values.
    names.retain(|name| view.names.tag(name).is_some());
    names.truncate(MOST_CUTS - USUAL.len());
    let mut cuts: Vec<Cut> = names.iter().map(|name| Cut::by_tag(name)).collect();
    for short in USUAL {
        cuts.push(short.parse()?);
    }
    Ok(cuts)
}

fn drawn_cut(cut: Cut, rows: Rows, of: Sizes, subject: &Expr) -> PortraitCut {
    let of_counts = |counts: &[u64]| Sizes { subject: counts[0], base: counts[1], both: counts[2] };
    let drawn = rows.rows.into_iter().map(|row| {
        let sizes = of_counts(&row.counts);
        let expr = match subject {
            Expr::Everyone => row.expr,
            subject => Expr::All(vec![subject.clone(), row.expr]),
        };
        PortraitRow { name: row.name, sizes, comparison: Comparison::new(sizes, of), q: None, expr }
    });
    PortraitCut { cut, rows: drawn.collect(), rest: of_counts(&rows.rest), more: rows.more }
}

/// Every row of the answer is a test among the others.
fn control(cuts: &mut [PortraitCut]) {
    let tests: Vec<Option<f64>> = cuts.iter().flat_map(|cut| &cut.rows).map(|row| row.comparison.p).collect();
    let rows = cuts.iter_mut().flat_map(|cut| &mut cut.rows);
    rows.zip(false_discovery(&tests)).for_each(|(row, q)| row.q = q);
}
