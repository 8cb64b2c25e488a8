//! The tables as shipped: Segment's e-commerce and messaging events, a few of GA4's, and the usual values of utm.

use super::{CampaignRule, Column, EventRule, Fields, Mappings};

/// Events whose name alone says what they are.
const EVENTS: &[(&str, &[&str])] = &[
    (
        "view",
        &[
            "product_viewed",
            "product_list_viewed",
            "cart_viewed",
            "view_item",
            "view_item_list",
            "page_view",
            "screen_view",
        ],
    ),
    ("search", &["products_searched", "view_search_results"]),
    ("click", &["product_clicked", "promotion_clicked", "select_item", "select_promotion"]),
    ("impression", &["promotion_viewed", "view_promotion"]),
    ("add_to_cart", &["product_added", "wishlist_product_added_to_cart"]),
    ("favorite", &["product_added_to_wishlist", "add_to_wishlist"]),
    ("order", &["order_placed"]),
    ("coupon_redeem", &["coupon_applied"]),
    ("review", &["product_reviewed"]),
    ("share", &["product_shared", "cart_shared"]),
    ("sign_up", &["signed_up", "user_signed_up"]),
];

/// Events of orders, whose products are events of their own.
const LINES: &[(&str, &[&str])] = &[("purchase", &["order_completed"]), ("refund", &["order_refunded"])];

/// What begins the names of messages, and their channel.
const MESSAGES: &[(&str, &str)] = &[
    ("email", "crm.email"),
    ("sms", "crm.sms"),
    ("push", "crm.app_push"),
    ("push_notification", "crm.app_push"),
    ("wechat", "crm.wechat"),
];

/// What ends them.
const RECEIPTS: &[(&str, &[&str])] = &[
    ("message_sent", &["sent"]),
    ("message_delivered", &["delivered", "received"]),
    ("message_opened", &["opened"]),
    ("message_clicked", &["clicked", "link_clicked", "tapped"]),
    ("message_bounced", &["bounced", "dropped"]),
    ("message_complained", &["complained", "marked_as_spam"]),
    ("message_unsubscribed", &["unsubscribed"]),
];

/// (media, sources, channel); the more particular before the general.
const CAMPAIGNS: &[(&[&str], &[&str], &str)] = &[
    (&["email", "e-mail", "mail", "newsletter"], &[], "crm.email"),
    (&["sms", "text"], &[], "crm.sms"),
    (&["push", "app_push", "web_push", "push_notification", "notification"], &[], "crm.app_push"),
    (&["wechat", "weixin"], &[], "crm.wechat"),
    (&[], &["wechat", "weixin"], "crm.wechat"),
    (&[], &["newsletter", "email"], "crm.email"),
    (&[], &["douyin", "tiktok"], "external.douyin"),
    (&[], &["toutiao"], "external.toutiao"),
    (&[], &["youku", "tudou"], "external.youku_tudou"),
    (
        &["cpc", "ppc", "sem", "search", "paidsearch", "paid_search", "paid-search", "organic"],
        &[],
        "web.search_engine",
    ),
    (&["social", "paidsocial", "paid_social", "paid-social", "organic_social", "sm"], &[], "web.social_feed"),
    (&["display", "banner", "cpm", "native", "video", "retargeting", "affiliate"], &[], "web.placement"),
    (&[], &["google", "bing", "baidu", "sogou", "yahoo", "yandex", "duckduckgo"], "web.search_engine"),
    (
        &[],
        &[
            "facebook",
            "instagram",
            "meta",
            "twitter",
            "x",
            "weibo",
            "xiaohongshu",
            "pinterest",
            "linkedin",
            "reddit",
        ],
        "web.social_feed",
    ),
];

/// In the order of [`Column`].
const FIELDS: [(Column, &str, &[&str]); Column::COUNT] = [
    (Column::Channel, "channel", &["channel"]),
    (Column::Shop, "shop", &["shop", "shop_id", "affiliation"]),
    (Column::Brand, "brand", &["brand"]),
    (Column::Category, "category", &["category"]),
    (Column::Campaign, "campaign", &["campaign", "promotion_id"]),
    (Column::Item, "item", &["item", "product_id", "sku"]),
    (Column::OrderId, "order_id", &["order_id"]),
    (Column::Currency, "currency", &["currency"]),
    (Column::Quantity, "quantity", &["quantity"]),
    (Column::Amount, "amount", &["amount", "revenue", "total"]),
    (Column::Price, "price", &["price"]),
];

impl Default for Mappings {
    fn default() -> Mappings {
        let mut mappings =
            Mappings { events: Default::default(), campaigns: Vec::new(), fields: Fields::default() };
        for (table, lines) in [(EVENTS, false), (LINES, true)] {
            for (behavior, name) in table.iter().flat_map(|(b, names)| names.iter().map(move |n| (b, n))) {
                let rule = EventRule { behavior: (*behavior).to_owned(), channel: None, lines };
                mappings.events.insert((*name).to_owned(), rule);
            }
        }
        for (message, channel) in MESSAGES {
            for (behavior, ends) in RECEIPTS {
                let rule = EventRule {
                    behavior: (*behavior).to_owned(),
                    channel: Some((*channel).to_owned()),
                    lines: false,
                };
                mappings.events.extend(ends.iter().map(|end| (format!("{message}_{end}"), rule.clone())));
            }
        }
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        mappings.campaigns.extend(CAMPAIGNS.iter().map(|(medium, source, channel)| CampaignRule {
            medium: owned(medium),
            source: owned(source),
            channel: (*channel).to_owned(),
        }));
        mappings
    }
}

impl Fields {
    /// Every column from the member of its own name and no other; amounts are given, not computed.
    pub(crate) fn native() -> Fields {
        let own = |(column, name, _): (Column, &'static str, _)| match column {
            Column::Price => (name, Vec::new()),
            _ => (name, vec![name.to_owned()]),
        };
        Fields { columns: FIELDS.map(own) }
    }
}

impl Default for Fields {
    fn default() -> Fields {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Fields { columns: FIELDS.map(|(_, column, sources)| (column, names(sources))) }
    }
}

#[cfg(test)]
mod tests {
    use weir_core::channel::ChannelTree;
    use weir_core::event::is_core_behavior;

    use super::*;

    #[test]
    fn the_shipped_tables_name_what_exists() {
        let (mappings, tree) = (Mappings::default(), ChannelTree::default());
        for (name, rule) in &mappings.events {
            assert!(is_core_behavior(&rule.behavior), "{name}");
            assert_eq!(&super::super::snake_case(name), name);
            assert!(rule.channel.iter().all(|channel| tree.contains(channel)), "{name}");
        }
        assert!(mappings.campaigns.iter().all(|rule| tree.contains(&rule.channel)));
        for (at, (column, ..)) in FIELDS.iter().enumerate() {
            assert_eq!(*column as usize, at);
        }
    }
}
