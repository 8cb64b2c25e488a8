//! Which events of a segment count: a test on cells, a run of days, and what must be looked at row by row.

use std::ops::Range;

use serde_json::Value as Json;
use weir_core::Result;
use weir_core::catalog::EntryKind;
use weir_core::channel::is_below;
use weir_core::expr::{Filter, Measure};
use weir_core::op::{ExactOps, Operand, Ops};
use weir_core::scope::Scope;
use weir_core::time::{Day, DayRange};
use weir_core::vocabulary::Vocabulary;

use crate::eval::did::CountTest;
use crate::row::NO_AMOUNT;
use crate::segment::{Amounts, Cell, CellHead, Numbers, Segment};
use crate::symbols::{ABSENT, Column, Symbols};
use crate::world::World;

/// A `did`, ready to run.
pub(crate) struct DidPlan {
    /// Which of the expression's leaves it is: the same one at every date that the expression is compiled for.
    pub leaf: usize,
    pub events: EventFilter,
    /// The measures as a test of a number of events, if they are no more than that.
    pub count: Option<CountTest>,
    pub measures: Vec<MeasureTest>,
    /// What date operators on `first` and `last` are relative to.
    pub as_of: Day,
    pub holds_without_events: bool,
}

/// What a measure is tested for.
pub(crate) struct MeasureTest {
    pub measure: Measure,
    pub ops: Ops,
    /// The same for numbers.
    pub exact: ExactOps,
}

/// A set of symbol numbers; `selected[0]` (absent) is false.
type Selected = Vec<bool>;

/// Which events count.
pub(crate) struct EventFilter {
    range: DayRange,
    behavior: Option<Selected>,
    channel: Option<Selected>,
    /// Each must hold: the filter's own shops, and the scope's.
    shops: Vec<Selected>,
    brands: Vec<BrandTest>,
    categories: Vec<Selected>,
    campaign: Option<Selected>,
    item: Option<Selected>,
    amount: Option<ExactOps>,
    quantity: Option<ExactOps>,
    properties: Vec<(Option<u32>, Ops)>,
}

/// The brand of an event: its own, else its shop's.
struct BrandTest {
    brands: Selected,
    shops: Selected,
}

impl EventFilter {
    pub fn new(
        world: &World,
        names: &dyn Vocabulary,
        filter: &Filter,
        scope: &Scope,
        range: DayRange,
    ) -> Result<EventFilter> {
        let (symbols, build) = (&world.symbols, Builder { symbols: &world.symbols, names });
        let mut result = EventFilter {
            range,
            behavior: build.behaviors(filter),
            channel: build.channels(filter)?,
            shops: build.equal(Column::Shop, &filter.shop).into_iter().collect(),
            brands: build.brands(&filter.brand).into_iter().collect(),
            categories: build.categories(&filter.category).into_iter().collect(),
            campaign: build.equal(Column::Campaign, &filter.campaign),
            item: build.equal(Column::Item, &filter.item),
            amount: filter.each_amount.as_ref().map(Ops::exact),
            quantity: filter.each_quantity.as_ref().map(Ops::exact),
            properties: filter
                .property
                .iter()
                .map(|(k, ops)| (symbols.number(Column::Property, k), ops.clone()))
                .collect(),
        };
        result.limit(scope, &build);
        Ok(result)
    }

    fn limit(&mut self, scope: &Scope, build: &Builder<'_>) {
        match scope {
            Scope::Workspace => {}
            Scope::Shop(id) => self.shops.extend(build.equal(Column::Shop, std::slice::from_ref(id))),
            Scope::Brand(id) => self.brands.extend(build.brands(std::slice::from_ref(id))),
            Scope::Category(id) => self.categories.extend(build.categories(std::slice::from_ref(id))),
        }
    }

    /// The days within which they count.
    pub fn range(&self) -> DayRange {
        self.range
    }

    /// The cells of a segment that can hold such events.
    pub fn cells<'a>(&'a self, segment: &'a Segment) -> impl Iterator<Item = Cell<'a>> + 'a {
        let behavior = |number| selected(self.behavior.as_ref(), number);
        segment.cells_where(behavior, |head| self.wants(head))
    }

    fn wants(&self, head: &CellHead) -> bool {
        selected(self.channel.as_ref(), head.channel)
            && self.shops.iter().all(|shops| shops[head.shop as usize])
    }

    /// Hands on such events of a segment, cell by cell: those of a range of days, which is the filter's own or a part of it.
    pub fn scan<'a>(
        &'a self,
        segment: &'a Segment,
        range: DayRange,
        mut found: impl FnMut(&Cell<'a>, Picked<'_>) -> Result<()>,
    ) -> Result<()> {
        let mut rows = Vec::new();
        for cell in self.cells(segment) {
            let run = cell.days()?.run(range);
            if run.is_empty() {
                continue;
            }
            let Some(residual) = Residual::of(self, &cell)? else { continue };
            if residual.is_nothing() {
                found(&cell, Picked::Run(run))?;
                continue;
            }
            residual.pick(run, &mut rows);
            if !rows.is_empty() {
                found(&cell, Picked::Rows(&rows))?;
            }
        }
        Ok(())
    }
}

/// Rows of a cell that count.
#[derive(Clone)]
pub(crate) enum Picked<'a> {
    /// All of a run.
    Run(Range<usize>),
    /// These, ascending.
    Rows(&'a [u32]),
}

impl Picked<'_> {
    /// Calls `each` for every row.
    #[inline]
    pub fn each(self, mut each: impl FnMut(usize)) {
        match self {
            Picked::Run(run) => run.for_each(each),
            Picked::Rows(rows) => rows.iter().for_each(|row| each(*row as usize)),
        }
    }

    /// Those that lie within a run.
    pub fn part(&self, run: Range<usize>) -> Picked<'_> {
        match self {
            Picked::Run(all) => Picked::Run(all.start.max(run.start)..all.end.min(run.end)),
            Picked::Rows(rows) => {
                let start = rows.partition_point(|row| (*row as usize) < run.start);
                let end = rows.partition_point(|row| (*row as usize) < run.end);
                Picked::Rows(&rows[start..end])
            }
        }
    }
}

fn selected(set: Option<&Selected>, number: u32) -> bool {
    set.is_none_or(|set| set[number as usize])
}

struct Builder<'a> {
    symbols: &'a Symbols,
    names: &'a dyn Vocabulary,
}

impl Builder<'_> {
    fn behaviors(&self, filter: &Filter) -> Option<Selected> {
        if filter.behavior.is_empty() && filter.not_behavior.is_empty() {
            return None;
        }
        let wanted = |name: &str| filter.behavior.is_empty() || filter.behavior.iter().any(|b| b == name);
        let excluded = |name: &str| filter.not_behavior.iter().any(|b| b == name);
        Some(self.symbols.select(Column::Behavior, |name| wanted(name) && !excluded(name)))
    }

    fn channels(&self, filter: &Filter) -> Result<Option<Selected>> {
        if filter.channel.is_empty() {
            return Ok(None);
        }
        let mut nodes = Vec::new();
        for name in &filter.channel {
            nodes.push(self.names.channels().resolve(name)?);
        }
        Ok(Some(self.symbols.select(Column::Channel, |path| nodes.iter().any(|node| is_below(path, node)))))
    }

    fn equal(&self, column: Column, values: &[String]) -> Option<Selected> {
        (!values.is_empty())
            .then(|| self.symbols.select(column, |text| values.iter().any(|value| value == text)))
    }

    fn categories(&self, values: &[String]) -> Option<Selected> {
        let catalog = self.names.catalog();
        let wanted = |text: &str| values.iter().any(|v| catalog.is_below(EntryKind::Category, text, v));
        (!values.is_empty()).then(|| self.symbols.select(Column::Category, wanted))
    }

    fn brands(&self, values: &[String]) -> Option<BrandTest> {
        if values.is_empty() {
            return None;
        }
        let catalog = self.names.catalog();
        let wanted = |brand: &str| values.iter().any(|v| catalog.is_below(EntryKind::Brand, brand, v));
        let shop_wanted = |shop: &str| catalog.brand_of_shop(shop).is_some_and(wanted);
        let brands = self.symbols.select(Column::Brand, wanted);
        Some(BrandTest { brands, shops: self.symbols.select(Column::Shop, shop_wanted) })
    }
}

/// A test of one column against a set of numbers.
struct NumberTest<'a> {
    column: Numbers<'a>,
    selected: &'a Selected,
}

struct BrandColumn<'a> {
    column: Numbers<'a>,
    brands: &'a Selected,
    /// Outcome for rows without a brand of their own.
    by_shop: bool,
}

struct AmountTest<'a> {
    column: Amounts<'a>,
    ops: &'a ExactOps,
}

/// What is left to test on the rows of one cell.
#[derive(Default)]
struct Residual<'a> {
    numbers: Vec<NumberTest<'a>>,
    brands: Vec<BrandColumn<'a>>,
    amounts: Vec<AmountTest<'a>>,
    /// For each property condition the outcome per row.
    properties: Vec<Vec<bool>>,
}

impl<'a> Residual<'a> {
    /// The tests of a filter on a cell; `None` when no row can pass.
    fn of(filter: &'a EventFilter, cell: &Cell<'a>) -> Result<Option<Residual<'a>>> {
        let mut residual = Residual::default();
        let possible = residual.add_numbers(filter, cell)?
            && residual.add_brands(filter, cell)?
            && residual.add_amount(filter.amount.as_ref(), || cell.amount())?
            && residual.add_amount(filter.quantity.as_ref(), || cell.quantity())?;
        if !possible {
            return Ok(None);
        }
        for (key, ops) in &filter.properties {
            residual.properties.push(property_outcomes(cell, *key, ops, filter.range.last)?);
        }
        Ok(Some(residual))
    }

    fn add_numbers(&mut self, filter: &'a EventFilter, cell: &Cell<'a>) -> Result<bool> {
        for selected in &filter.categories {
            let Some(column) = cell.category()? else { return Ok(false) };
            self.numbers.push(NumberTest { column, selected });
        }
        if let Some(selected) = &filter.campaign {
            let Some(column) = cell.campaign()? else { return Ok(false) };
            self.numbers.push(NumberTest { column, selected });
        }
        if let Some(selected) = &filter.item {
            let Some(column) = cell.item()? else { return Ok(false) };
            self.numbers.push(NumberTest { column, selected });
        }
        Ok(true)
    }

    fn add_brands(&mut self, filter: &'a EventFilter, cell: &Cell<'a>) -> Result<bool> {
        for test in &filter.brands {
            let by_shop = test.shops[cell.head.shop as usize];
            match cell.brand()? {
                None if by_shop => {}
                None => return Ok(false),
                Some(column) => self.brands.push(BrandColumn { column, brands: &test.brands, by_shop }),
            }
        }
        Ok(true)
    }

    fn add_amount(
        &mut self,
        ops: Option<&'a ExactOps>,
        column: impl Fn() -> Result<Option<Amounts<'a>>>,
    ) -> Result<bool> {
        let Some(ops) = ops else { return Ok(true) };
        let Some(column) = column()? else { return Ok(false) };
        self.amounts.push(AmountTest { column, ops });
        Ok(true)
    }

    fn is_nothing(&self) -> bool {
        self.numbers.is_empty()
            && self.brands.is_empty()
            && self.amounts.is_empty()
            && self.properties.is_empty()
    }

    /// The rows of a run that pass, test by test: each looks only at what the ones before left.
    fn pick(&self, run: Range<usize>, rows: &mut Vec<u32>) {
        rows.clear();
        match self.numbers.split_first() {
            Some((first, others)) => {
                first.column.select(run, first.selected, rows);
                for test in others {
                    rows.retain(|row| test.selected[test.column.at(*row as usize) as usize]);
                }
            }
            None => rows.extend(run.start as u32..run.end as u32),
        }
        for test in &self.brands {
            rows.retain(|row| test.holds(*row as usize));
        }
        for test in &self.amounts {
            rows.retain(|row| test.holds(*row as usize));
        }
        for outcome in &self.properties {
            rows.retain(|row| outcome[*row as usize]);
        }
    }
}

impl BrandColumn<'_> {
    fn holds(&self, row: usize) -> bool {
        match self.column.at(row) {
            ABSENT => self.by_shop,
            brand => self.brands[brand as usize],
        }
    }
}

impl AmountTest<'_> {
    fn holds(&self, row: usize) -> bool {
        let units = self.column.at(row);
        units != NO_AMOUNT && self.ops.hold(units.into(), 1)
    }
}

/// The outcome of a property condition for each row of a cell, decided once per distinct value.
fn property_outcomes(cell: &Cell<'_>, key: Option<u32>, ops: &Ops, as_of: Day) -> Result<Vec<bool>> {
    let mut outcomes = vec![ops.hold(Operand::Absent, as_of); cell.len()];
    for property in cell.properties()?.iter().filter(|property| Some(property.key) == key) {
        let decided: Vec<bool> = property.values().map(|value| value_holds(value, ops, as_of)).collect();
        for (row, code) in property.rows.iter().zip(property.codes) {
            outcomes[*row as usize] = decided[*code as usize];
        }
    }
    Ok(outcomes)
}

/// Whether a property's value, as JSON text, satisfies the operators. An object is present but equal to nothing.
fn value_holds(text: &str, ops: &Ops, as_of: Day) -> bool {
    match serde_json::from_str::<Json>(text) {
        Ok(Json::Number(number)) => ops.hold(Operand::Number(number.as_f64().unwrap_or(f64::NAN)), as_of),
        Ok(Json::String(text)) => ops.hold(Operand::Text(&text), as_of),
        Ok(Json::Bool(value)) => ops.hold(Operand::Bool(value), as_of),
        Ok(Json::Array(items)) => ops.hold(Operand::Many(&texts_of(items)), as_of),
        Ok(Json::Object(_)) => ops.hold(Operand::Many(&[]), as_of),
        Ok(Json::Null) | Err(_) => ops.hold(Operand::Absent, as_of),
    }
}

fn texts_of(items: Vec<Json>) -> Vec<String> {
    let text = |item| if let Json::String(text) = item { Some(text) } else { None };
    items.into_iter().filter_map(text).collect()
}
