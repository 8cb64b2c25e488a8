//! Random cuts.

use weir_core::cut::{Bins, Cut};
use weir_core::expr::Did;
use weir_core::state_model::ModelRef;
use weir_core::tag::TagKind;
use weir_core::tag::rule::Dimension;

use super::expressions::Maker;

impl Maker<'_> {
    pub fn cut(&mut self) -> Cut {
        match self.rng.below(6) {
            0 | 1 => self.tag_cut(),
            2 => {
                let mut events = self.cut_events();
                events.filter.channel.clear();
                Cut::Channel { every_node: self.rng.chance(50), events }
            }
            3 => self.field_cut(),
            4 => {
                let names: Vec<&String> = self.world.models.keys().collect();
                let model = ModelRef::from(self.rng.pick(&names).as_str());
                Cut::State { model, scope: self.scope() }
            }
            _ => {
                let measure = *self.rng.pick(&Cut::MEASURES);
                let bins = match self.rng.below(3) {
                    0 => Bins::Edges(vec![1.0, 2.5, 100.0]),
                    1 => Bins::Quantiles(2 + self.rng.below(6) as u32),
                    _ => Bins::Default,
                };
                Cut::Measure { measure, events: self.cut_events(), bins }
            }
        }
    }

    fn cut_events(&mut self) -> Did {
        if self.rng.chance(40) { Did::default() } else { Did { unscoped: false, ..self.events_only() } }
    }

    fn tag_cut(&mut self) -> Cut {
        let tags: Vec<(&String, &TagKind)> = self.world.tag_kinds.iter().collect();
        let (key, kind) = *self.rng.pick(&tags);
        let bins = match (kind, self.rng.below(3)) {
            (TagKind::Number, 0) => Bins::Edges(vec![2.0, 30.0]),
            (TagKind::Number, 1) => Bins::Quantiles(2 + self.rng.below(4) as u32),
            (TagKind::Date, 0) => Bins::Days(vec![3, 20]),
            _ => Bins::Default,
        };
        Cut::Tag { key: key.clone(), bins }
    }

    fn field_cut(&mut self) -> Cut {
        let fields =
            [Dimension::Category, Dimension::Brand, Dimension::Shop, Dimension::Item, Dimension::Campaign];
        let (of, mut events) = (*self.rng.pick(&fields), self.cut_events());
        match of {
            Dimension::Category => events.filter.category.clear(),
            Dimension::Brand => events.filter.brand.clear(),
            Dimension::Shop => events.filter.shop.clear(),
            Dimension::Item => events.filter.item.clear(),
            Dimension::Channel | Dimension::Campaign => events.filter.campaign.clear(),
        }
        Cut::Field { of, events }
    }
}
