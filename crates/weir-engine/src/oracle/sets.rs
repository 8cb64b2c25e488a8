//! Expressions to sets: one function per kind of node.

use weir_core::expr::{AtDate, Did, Expr, TagTest};
use weir_core::identity::Node;
use weir_core::op::Operand;
use weir_core::scope::Scope;
use weir_core::tag::TagFact;
use weir_core::time::Day;
use weir_core::{Code, Error, Result};

use super::matching::Matcher;
use super::{Context, Members, Oracle, measure, sequence};

impl Oracle<'_> {
    pub(super) fn eval(&self, expr: &Expr, at: &Context) -> Result<Members> {
        match expr {
            Expr::All(parts) => self.all(parts, at),
            Expr::Any(parts) => self.any(parts, at),
            Expr::Not(part) => Ok(&self.universe(at.as_of) - &self.eval(part, at)?),
            Expr::Minus(parts) => self.minus(parts, at),
            Expr::Xor(a, b) => Ok(&self.eval(a, at)? ^ &self.eval(b, at)?),
            Expr::Everyone => Ok(self.universe(at.as_of)),
            Expr::Did(did) => self.did(did, at),
            Expr::Sequence(steps) => self.sequence(steps, at),
            Expr::Tag(test) => Ok(self.tag(test, at.as_of)),
            Expr::List(name) => self.list(name, at.as_of),
            Expr::Audience(name) => self.audience(name, at),
            Expr::Snapshot(id) => self.snapshot(id, at.as_of),
            Expr::State(test) => self.state(test, at),
            Expr::At(date, part) => self.at(*date, part, at),
            Expr::Sample(sample) => self.sample(sample, at),
            Expr::Top(top) => self.top(top, at),
        }
    }

    fn each(&self, parts: &[Expr], at: &Context) -> Result<Vec<Members>> {
        parts.iter().map(|part| self.eval(part, at)).collect()
    }

    fn all(&self, parts: &[Expr], at: &Context) -> Result<Members> {
        let sets = self.each(parts, at)?;
        Ok(self.known_who(at.as_of, |person| sets.iter().all(|set| set.contains(&person))))
    }

    fn any(&self, parts: &[Expr], at: &Context) -> Result<Members> {
        let sets = self.each(parts, at)?;
        Ok(self.known_who(at.as_of, |person| sets.iter().any(|set| set.contains(&person))))
    }

    /// In the first and in no other.
    fn minus(&self, parts: &[Expr], at: &Context) -> Result<Members> {
        let sets = self.each(parts, at)?;
        let in_first_only = |person| {
            let holding: Vec<usize> = (0..sets.len()).filter(|i| sets[*i].contains(&person)).collect();
            holding == [0]
        };
        Ok(self.known_who(at.as_of, in_first_only))
    }

    /// Those of the universe for whom a condition holds.
    fn known_who(&self, as_of: Day, holds: impl Fn(Node) -> bool) -> Members {
        self.universe(as_of).into_iter().filter(|person| holds(*person)).collect()
    }

    fn did(&self, did: &Did, at: &Context) -> Result<Members> {
        let matcher = Matcher::new(self.world, did, at)?;
        let holds = |person| {
            let matching = self.matching(person, &matcher);
            if matching.is_empty() {
                return did.holds_without_events();
            }
            did.measures.iter().all(|(measure, ops)| measure::holds(*measure, &matching, ops, at.as_of))
        };
        Ok(self.known_who(at.as_of, holds))
    }

    fn sequence(&self, steps: &weir_core::expr::Sequence, at: &Context) -> Result<Members> {
        let window = weir_core::time::Window::range_of(steps.window, at.as_of);
        let mut matchers = Vec::new();
        for step in &steps.steps {
            matchers.push(Matcher::new(self.world, step, at)?);
        }
        let holds = |person| {
            let inside =
                self.events_of(person).filter(|event| window.contains(event.day)).collect::<Vec<_>>();
            let times = matchers.iter().map(|m| sequence::times_of(&inside, m)).collect::<Vec<_>>();
            sequence::in_order(&times, steps.within)
        };
        Ok(self.known_who(at.as_of, holds))
    }

    fn tag(&self, test: &TagTest, as_of: Day) -> Members {
        let holds = |person| {
            test.0.iter().all(|(key, ops)| {
                let in_force = self.tag_in_force(person, key, as_of);
                ops.hold(in_force.map_or(Operand::Absent, |fact| fact.value.operand()), as_of)
            })
        };
        self.known_who(as_of, holds)
    }

    /// The latest statement up to a date; of one day, the one stated last.
    pub(super) fn tag_in_force(&self, person: Node, key: &str, as_of: Day) -> Option<&TagFact> {
        let facts = self.tags.get(&person).into_iter().flatten().copied();
        facts.filter(|fact| fact.key == key && fact.day <= as_of).max_by_key(|fact| (fact.day, fact.seq))
    }

    fn list(&self, name: &str, as_of: Day) -> Result<Members> {
        let nodes = self.world.lists.get(name).ok_or_else(|| unknown(Code::UnknownList, name))?;
        Ok(self.known_among(nodes, as_of))
    }

    fn snapshot(&self, id: &str, as_of: Day) -> Result<Members> {
        let nodes = self.world.snapshots.get(id).ok_or_else(|| unknown(Code::UnknownSnapshot, id))?;
        Ok(self.known_among(nodes, as_of))
    }

    fn known_among(&self, nodes: &[Node], as_of: Day) -> Members {
        self.known_who(as_of, |person| nodes.iter().any(|node| self.person(*node) == person))
    }

    fn audience(&self, name: &str, at: &Context) -> Result<Members> {
        let expr = self.world.audiences.get(name).ok_or_else(|| unknown(Code::UnknownAudience, name))?;
        self.eval(expr, &at.enter(&format!("audience {name}"), Scope::Workspace)?)
    }

    fn at(&self, date: AtDate, part: &Expr, at: &Context) -> Result<Members> {
        let Some(earlier) = date.resolve(at.as_of) else {
            return Err(Error::new(Code::InvalidDate, "this date is later than the as-of date"));
        };
        self.eval(part, &Context { as_of: earlier, ..at.clone() })
    }
}

impl Context {
    /// The place inside a name's definition, where what holds here no longer limits it.
    pub(super) fn enter(&self, what: &str, scope: Scope) -> Result<Context> {
        if self.entered.iter().any(|entered| entered == what) {
            return Err(Error::new(Code::Cycle, format!("{what} refers to itself")));
        }
        let mut entered = self.entered.clone();
        entered.push(what.to_owned());
        Ok(Context { as_of: self.as_of, scope, entered })
    }
}

pub(super) fn unknown(code: Code, name: &str) -> Error {
    Error::new(code, format!("there is no \"{name}\""))
}
