//! Who is one person depends on what was said, never on the order in which it arrived, nor on how it was cut into steps.

use weir_core::identity::{Growing, Identifier, IdentityPolicy, Link, Node, resolve};

const CASES: u64 = 10_000;
const ORDERS: usize = 3;

/// Xorshift: the same numbers everywhere.
struct Rng(u64);

impl Rng {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % n.max(1)
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }
}

/// Identifiers, links between them, and how they are treated.
struct World {
    ids: Vec<Identifier>,
    links: Vec<Link>,
    policy: IdentityPolicy,
}

impl World {
    fn random(rng: &mut Rng) -> World {
        let kinds = ["user_id", "user_id", "anonymous_id", "device", "email", "card"];
        let n = 2 + rng.below(24);
        let id = |i: usize, kind: &str| Identifier { kind: kind.to_owned(), value: format!("v{i}") };
        let ids: Vec<Identifier> = (0..n).map(|i| id(i, kinds[rng.below(kinds.len())])).collect();
        let links = (0..rng.below(2 * n)).map(|_| link(rng, n)).collect();
        let mut policy = IdentityPolicy::default();
        if rng.below(4) == 0 {
            policy.cap = 1 + rng.below(5);
        }
        if rng.below(4) == 0 {
            policy.joining = vec!["email".to_owned()];
        }
        if rng.below(4) == 0 {
            policy.unique.push("card".to_owned());
        }
        World { ids, links, policy }
    }

    fn resolved(&self, links: &[Link]) -> Vec<Node> {
        resolve(&self.ids, links, &self.policy).canonical
    }

    /// Links come in steps; after each the people are those of all links so far.
    fn grow(&self, rng: &mut Rng, links: &[Link]) -> Growing {
        let begin = rng.below(links.len() + 1);
        let mut growing = Growing::new(&self.ids, &links[..begin], &self.policy);
        let mut at = begin;
        while at < links.len() {
            let end = (at + 1 + rng.below(6)).min(links.len());
            let new = links[at..end].iter().filter(|link| growing.record(**link));
            let touched: Vec<Node> = new.flat_map(|link| [link.a, link.b]).collect();
            growing.settle(&self.ids, &self.policy, touched);
            assert_eq!(growing.canonical(), self.resolved(&links[..end]));
            at = end;
        }
        growing
    }
}

/// Few times, so that many links have the same; some pairs are stated again and again.
fn link(rng: &mut Rng, nodes: usize) -> Link {
    let (a, b) = (rng.below(nodes) as Node, rng.below(nodes / 2 + 1) as Node);
    Link { a, b, time: rng.below(8) as i64, joins_known: rng.below(10) == 0 }
}

#[test]
fn any_order_and_any_steps_give_the_same_people() {
    let mut rng = Rng(0x9e37_79b9_7f4a_7c15);
    for case in 0..CASES {
        let world = World::random(&mut rng);
        let people = world.resolved(&world.links);
        for _ in 0..ORDERS {
            let mut links = world.links.clone();
            rng.shuffle(&mut links);
            assert_eq!(world.grow(&mut rng, &links).canonical(), people, "case {case}");
        }
    }
}

#[test]
fn taking_links_back_gives_the_people_from_before() {
    let mut rng = Rng(0x2545_f491_4f6c_dd1d);
    for case in 0..CASES {
        let world = World::random(&mut rng);
        let before = world.resolved(&world.links);
        let mut links = world.links.clone();
        links.extend((0..1 + rng.below(8)).map(|_| link(&mut rng, world.ids.len())));
        let more = links[world.links.len()..].to_vec();
        rng.shuffle(&mut links);
        world.grow(&mut rng, &links);
        for taken in more {
            let place = links.iter().position(|link| *link == taken).expect("it was added");
            links.remove(place);
        }
        assert_eq!(world.grow(&mut rng, &links).canonical(), before, "case {case}");
    }
}
