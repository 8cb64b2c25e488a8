//! The channel tree: the six reflow entrances, the merchant's own channels, and the open web.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::error::{Code, Error, Result, suggestion};

/// Root under which names that data brought but the tree does not know are kept.
pub const UNMAPPED: &str = "unmapped";

/// What a channel is for in a media chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Discover 发现.
    Discover,
    /// Reach new people 拉新.
    ReachNew,
    /// Capture intent 承接.
    CaptureIntent,
    /// Convert 收割.
    Convert,
    /// Retain 维系.
    Retain,
}

impl Role {
    /// The role's name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Role::Discover => "discover",
            Role::ReachNew => "reach_new",
            Role::CaptureIntent => "capture_intent",
            Role::Convert => "convert",
            Role::Retain => "retain",
        }
    }
}

/// One node of the tree.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Channel {
    /// Name in English, if given.
    pub name: Option<String>,
    /// Name in Chinese, if given.
    pub name_zh: Option<String>,
    /// Its role, if it has one.
    pub role: Option<Role>,
}

/// Channels by path, such as `ads.onsite.feed_ads`. A node stands for itself and all below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelTree {
    nodes: BTreeMap<String, Channel>,
}

/// (path, 中文, role) of the shipped taxonomy; parents before children.
const DEFAULT: &[(&str, &str, Option<Role>)] = {
    use Role::{CaptureIntent, Convert, Discover, ReachNew, Retain};
    &[
        ("shop", "店铺消费者", None),
        ("shop.visit", "店铺访问", None),
        ("shop.trade", "店铺成交", None),
        ("shop.own_ads", "店铺自有广告", None),
        ("ads", "广告渠道", None),
        ("ads.onsite", "淘内", None),
        ("ads.onsite.search_ads", "直通车", Some(CaptureIntent)),
        ("ads.onsite.display_ads", "钻展", Some(ReachNew)),
        ("ads.onsite.brand_zone", "品牌专区", Some(CaptureIntent)),
        ("ads.onsite.feed_ads", "超级推荐", Some(Discover)),
        ("ads.onsite.star_shop", "明星店铺", Some(CaptureIntent)),
        ("ads.onsite.brand_push", "品牌push", Some(ReachNew)),
        ("ads.onsite.brand_spotlight", "品牌特秀", Some(ReachNew)),
        ("ads.onsite.brand_exclusive", "品牌独秀", Some(ReachNew)),
        ("ads.offsite", "淘外", None),
        ("ads.offsite.youku", "优酷", Some(ReachNew)),
        ("ads.cross", "跨渠道", None),
        ("ads.cross.unidesk", "新风暴", Some(ReachNew)),
        ("external", "站外渠道", None),
        ("external.douyin", "抖音", Some(Discover)),
        ("external.youku_tudou", "优土", Some(Discover)),
        ("external.toutiao", "今日头条", Some(Discover)),
        ("activity", "活动渠道", None),
        ("activity.juhuasuan", "聚划算", Some(Convert)),
        ("activity.super_brand_day", "超级品牌日", Some(Convert)),
        ("activity.super_category_day", "超级品类日", Some(Convert)),
        ("audience", "人群渠道", None),
        ("audience.operator", "小二版", Some(Convert)),
        ("audience.merchant", "商家版", Some(Convert)),
        ("audience.partner", "合作方", Some(Convert)),
        ("content", "内容渠道", None),
        ("content.weitao", "微淘", Some(Retain)),
        ("content.youhaohuo", "有好货", Some(Retain)),
        ("content.must_buy", "必买清单", Some(Retain)),
        ("crm", "自有渠道", None),
        ("crm.sms", "短信", Some(Retain)),
        ("crm.email", "邮件", Some(Retain)),
        ("crm.app_push", "App推送", Some(Retain)),
        ("crm.wechat", "微信", Some(Retain)),
        ("crm.package_insert", "包裹广告", Some(Retain)),
        ("crm.service_desk", "客服", Some(Retain)),
        ("web", "搜索与社媒", None),
        ("web.search_engine", "搜索引擎", Some(CaptureIntent)),
        ("web.social_feed", "社交信息流", Some(Discover)),
        ("web.placement", "实时广告位", Some(ReachNew)),
    ]
};

impl Default for ChannelTree {
    fn default() -> ChannelTree {
        let node = |zh: &str, role| Channel { name: None, name_zh: Some(zh.to_owned()), role };
        let nodes = DEFAULT.iter().map(|(path, zh, role)| ((*path).to_owned(), node(zh, *role))).collect();
        ChannelTree { nodes }
    }
}

impl ChannelTree {
    /// Adds a channel at a path, and whatever parents it lacks.
    pub fn insert(&mut self, path: &str, channel: Channel) {
        for (dot, _) in path.match_indices('.') {
            self.nodes.entry(path[..dot].to_owned()).or_default();
        }
        self.nodes.insert(path.to_owned(), channel);
    }

    /// All nodes in order of path.
    pub fn nodes(&self) -> impl Iterator<Item = (&str, &Channel)> {
        self.nodes.iter().map(|(path, channel)| (path.as_str(), channel))
    }

    /// Whether this is the path of a node.
    pub fn contains(&self, path: &str) -> bool {
        self.nodes.contains_key(path)
    }

    /// The path of a node named by path or by leaf.
    pub fn resolve(&self, name: &str) -> Result<String> {
        match self.found(name).as_slice() {
            [] => Err(self.unknown(name)),
            [path] => Ok((*path).to_owned()),
            several => Err(Error::new(
                Code::AmbiguousName,
                format!("the channel \"{name}\" stands at several places"),
            )
            .help(format!("write one of the paths {}", several.join(", ")))),
        }
    }

    /// The path an event's channel is kept under; unknown or ambiguous names go to `unmapped.<name>`.
    pub fn place(&self, name: &str) -> (Cow<'_, str>, bool) {
        match self.found(name).as_slice() {
            [path] => (Cow::Borrowed(*path), true),
            _ => (format!("{UNMAPPED}.{name}").into(), false),
        }
    }

    /// The paths that a name stands for: itself where it is a path, else those that end with it.
    fn found(&self, name: &str) -> Vec<&str> {
        match self.nodes.get_key_value(name) {
            Some((path, _)) => vec![path],
            None => self.named(name),
        }
    }

    fn named(&self, leaf: &str) -> Vec<&str> {
        let is_named = |path: &&str| path.rsplit('.').next() == Some(leaf);
        self.nodes.keys().map(String::as_str).filter(is_named).collect()
    }

    fn unknown(&self, name: &str) -> Error {
        let leaves = self.nodes.keys().filter_map(|path| path.rsplit('.').next());
        let known = self.nodes.keys().map(String::as_str).chain(leaves);
        let help = suggestion(name, known).unwrap_or_else(|| {
            "channels are named by path (ads.onsite.feed_ads) or leaf (feed_ads)".to_owned()
        });
        Error::new(Code::UnknownChannel, format!("there is no channel \"{name}\"")).help(help)
    }
}

/// Whether `path` is `node` or lies below it.
pub fn is_below(path: &str, node: &str) -> bool {
    path.strip_prefix(node).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_resolve_by_path_and_leaf() {
        let tree = ChannelTree::default();
        assert_eq!(tree.resolve("ads.onsite.feed_ads").unwrap(), "ads.onsite.feed_ads");
        assert_eq!(tree.resolve("feed_ads").unwrap(), "ads.onsite.feed_ads");
        assert_eq!(tree.resolve("onsite").unwrap(), "ads.onsite");
        let error = tree.resolve("feed_adds").unwrap_err();
        assert_eq!(error.code, Code::UnknownChannel);
        assert_eq!(error.help.as_deref(), Some("did you mean \"feed_ads\"?"));
    }

    #[test]
    fn unknown_channels_in_data_are_kept_unmapped() {
        let tree = ChannelTree::default();
        assert_eq!(tree.place("sms"), ("crm.sms".into(), true));
        assert_eq!(tree.place("pigeon"), ("unmapped.pigeon".into(), false));
    }

    #[test]
    fn a_leaf_at_two_places_is_ambiguous() {
        let mut tree = ChannelTree::default();
        tree.insert("external.partners.sms", Channel::default());
        assert!(tree.contains("external.partners"));
        assert_eq!(tree.resolve("sms").unwrap_err().code, Code::AmbiguousName);
    }

    #[test]
    fn every_default_node_has_its_parent() {
        let tree = ChannelTree::default();
        for (path, _) in tree.nodes() {
            let parent = path.rsplit_once('.').map_or(path, |(parent, _)| parent);
            assert!(tree.contains(parent), "{path}");
        }
    }

    #[test]
    fn below_means_at_or_under_a_dot() {
        assert!(is_below("ads.onsite", "ads") && is_below("ads", "ads"));
        assert!(!is_below("adsx", "ads") && !is_below("ads", "ads.onsite"));
    }
}
