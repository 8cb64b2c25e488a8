//! Which events of a segment count: a test on cells, a run of days, and what must be looked at row by row.

use serde_json::Value as Json;
use weir_core::Result;
use weir_core::catalog::EntryKind;
use weir_core::channel::is_below;
use weir_core::expr::{Filter, Measure};
use weir_core::op::{Operand, Ops};
use weir_core::scope::Scope;
use weir_core::time::{Day, DayRange};
use weir_core::vocabulary::Vocabulary;

use crate::row::NO_AMOUNT;
use crate::segment::{Cell, CellHead};
use crate::symbols::{ABSENT, Column, Symbols};
use crate::world::World;

/// A `did`, ready to run.
pub(crate) struct DidPlan {
    pub events: EventFilter,
    pub measures: Vec<(Measure, Ops)>,
    /// What date operators on `first` and `last` are relative to.
    pub as_of: Day,
    pub holds_without_events: bool,
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
    amount: Option<Ops>,
    quantity: Option<Ops>,
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
            amount: filter.each_amount.clone(),
            quantity: filter.each_quantity.clone(),
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

    /// Whether a cell can hold such events.
    pub fn wants(&self, head: &CellHead) -> bool {
        selected(self.behavior.as_ref(), head.behavior)
            && selected(self.channel.as_ref(), head.channel)
            && self.shops.iter().all(|shops| shops[head.shop as usize])
    }

    /// Calls `found` for each such event of a cell that is wanted.
    pub fn rows(&self, cell: &Cell<'_>, mut found: impl FnMut(usize)) -> Result<()> {
        let run = cell.run(self.range);
        if run.is_empty() {
            return Ok(());
        }
        let Some(residual) = Residual::of(self, cell)? else { return Ok(()) };
        if residual.is_empty() {
            run.for_each(found);
            return Ok(());
        }
        for row in run {
            if residual.holds(row) {
                found(row);
            }
        }
        Ok(())
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
    column: &'a [u32],
    selected: &'a Selected,
}

struct BrandColumn<'a> {
    column: &'a [u32],
    brands: &'a Selected,
    /// Outcome for rows without a brand of their own.
    by_shop: bool,
}

struct AmountTest<'a> {
    column: &'a [i64],
    ops: &'a Ops,
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
        let possible = residual.add_numbers(filter, cell)
            && filter.brands.iter().all(|test| residual.add_brand(test, cell))
            && residual.add_amount(filter.amount.as_ref(), cell.amount)
            && residual.add_amount(filter.quantity.as_ref(), cell.quantity);
        if !possible {
            return Ok(None);
        }
        for (key, ops) in &filter.properties {
            residual.properties.push(property_outcomes(cell, *key, ops, filter.range.last)?);
        }
        Ok(Some(residual))
    }

    fn add_numbers(&mut self, filter: &'a EventFilter, cell: &Cell<'a>) -> bool {
        let categories = filter.categories.iter().map(|set| (Some(set), cell.category));
        let others = [(filter.campaign.as_ref(), cell.campaign), (filter.item.as_ref(), cell.item)];
        for (set, column) in categories.chain(others) {
            match (set, column) {
                (None, _) => {}
                (Some(_), None) => return false,
                (Some(selected), Some(column)) => self.numbers.push(NumberTest { column, selected }),
            }
        }
        true
    }

    fn add_brand(&mut self, test: &'a BrandTest, cell: &Cell<'a>) -> bool {
        let by_shop = test.shops[cell.head.shop as usize];
        match cell.brand {
            None => by_shop,
            Some(column) => {
                self.brands.push(BrandColumn { column, brands: &test.brands, by_shop });
                true
            }
        }
    }

    fn add_amount(&mut self, ops: Option<&'a Ops>, column: Option<&'a [i64]>) -> bool {
        match (ops, column) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(ops), Some(column)) => {
                self.amounts.push(AmountTest { column, ops });
                true
            }
        }
    }

    /// Whether every row of the cell passes: its key has said all there is to say.
    fn is_empty(&self) -> bool {
        self.numbers.is_empty()
            && self.brands.is_empty()
            && self.amounts.is_empty()
            && self.properties.is_empty()
    }

    fn holds(&self, row: usize) -> bool {
        self.numbers.iter().all(|test| test.selected[test.column[row] as usize])
            && self.brands.iter().all(|test| test.holds(row))
            && self.amounts.iter().all(|test| test.holds(row))
            && self.properties.iter().all(|outcome| outcome[row])
    }
}

impl BrandColumn<'_> {
    fn holds(&self, row: usize) -> bool {
        match self.column[row] {
            ABSENT => self.by_shop,
            brand => self.brands[brand as usize],
        }
    }
}

impl AmountTest<'_> {
    fn holds(&self, row: usize) -> bool {
        let units = self.column[row];
        units != NO_AMOUNT && self.ops.hold_exactly(units.into(), 1)
    }
}

/// The outcome of a property condition for each row of a cell, decided once per distinct value.
fn property_outcomes(cell: &Cell<'_>, key: Option<u32>, ops: &Ops, as_of: Day) -> Result<Vec<bool>> {
    let mut outcomes = vec![ops.hold(Operand::Absent, as_of); cell.local.len()];
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
