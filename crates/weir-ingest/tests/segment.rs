//! Segment's protocol: what each kind of message becomes.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::{Shop, report};
use weir_core::Code;
use weir_ingest::{Call, Limits, Mappings, Parsed, segment};

fn parse(call: Call, body: &str) -> Parsed<'static> {
    Shop::default().read(body.as_bytes(), |body, context| segment(call, body, context)).unwrap()
}

#[track_caller]
fn check(call: Call, body: &str, expected: &str) {
    assert_eq!(report(&parse(call, body)), expected);
}

#[track_caller]
fn refused(call: Call, body: &str) -> (Code, Option<String>) {
    let error =
        Shop::default().read(body.as_bytes(), |body, context| segment(call, body, context)).unwrap_err();
    (error.code, error.at)
}

#[test]
fn a_track_is_an_event() {
    check(
        Call::Track,
        r#"{"messageId":"m1","userId":17850,"anonymousId":"a1","event":"Product Viewed","timestamp":"2024-11-11T00:30:00+08:00",
            "properties":{"product_id":"P1","sku":"S","category":"tea","brand":"lanhe","shop":"flagship","price":12.5,"variant":"green"}}"#,
        "m1 user_id:17850+anonymous_id:a1 2024-11-10T16:30:00Z 2024-11-11: view channel=shop shop=flagship brand=lanhe \
         category=tea item=P1 amount=12.5 {\"sku\":\"S\",\"price\":12.5,\"variant\":\"green\",\"event\":\"Product Viewed\"}",
    );
}

#[test]
fn an_order_is_a_purchase_for_each_line() {
    check(
        Call::Track,
        r#"{"messageId":"m","userId":"u","event":"Order Completed","properties":{"order_id":"o1","revenue":99,"affiliation":"web",
            "coupon":"ELEVEN","products":[{"product_id":"p1","price":10,"quantity":3,"name":"Tea"},
            {"sku":"s2","price":"2.5","coupon":"OWN","brand":"b"},{"product_id":"p3"},7]}}"#,
        "m#0 user_id:u 2024-11-11T12:00:00Z 2024-11-11: purchase channel=shop shop=web item=p1 order=o1 amount=30 quantity=3 \
         {\"price\":10,\"name\":\"Tea\",\"revenue\":99,\"coupon\":\"ELEVEN\",\"event\":\"Order Completed\"}\n\
         m#1 user_id:u 2024-11-11T12:00:00Z 2024-11-11: purchase channel=shop shop=web brand=b item=s2 order=o1 amount=2.5 \
         {\"price\":\"2.5\",\"coupon\":\"OWN\",\"revenue\":99,\"event\":\"Order Completed\"}\n\
         m#2 user_id:u 2024-11-11T12:00:00Z 2024-11-11: purchase channel=shop shop=web item=p3 order=o1 \
         {\"revenue\":99,\"coupon\":\"ELEVEN\",\"event\":\"Order Completed\"}\n\
         remarks {\"bad_product\": 1, \"no_amount\": 1}",
    );
}

#[test]
fn an_order_without_products_is_one_purchase() {
    for products in ["", r#","products":[]"#, r#","products":{}"#, r#","products":[1]"#] {
        let body = format!(
            r#"{{"messageId":"m","userId":"u","event":"order_completed","properties":{{"order_id":"o1","total":"99.90"{products}}}}}"#
        );
        let parsed = parse(Call::Track, &body);
        let text = report(&parsed);
        assert!(
            text.starts_with(
                "m user_id:u 2024-11-11T12:00:00Z 2024-11-11: purchase channel=shop order=o1 amount=99.9"
            ),
            "{text}"
        );
        assert_eq!(parsed.arrivals.items.len(), 1);
    }
}

#[test]
fn refunds_are_negative_and_currencies_converted() {
    check(
        Call::Batch,
        r#"{"batch":[
            {"type":"track","messageId":"a","userId":"u","event":"Order Refunded","properties":{"order_id":"o","total":10,"currency":"usd"}},
            {"type":"track","messageId":"b","userId":"u","event":"Order Refunded","properties":{"order_id":"o","currency":"EUR",
              "products":[{"product_id":"p","price":-4,"quantity":2}]}},
            {"type":"track","messageId":"c","userId":"u","event":"purchase","properties":{"amount":"lots","quantity":"many"}}]}"#,
        "a user_id:u 2024-11-11T12:00:00Z 2024-11-11: refund channel=shop order=o amount=-72.5 \
         {\"event\":\"Order Refunded\",\"original_amount\":-10,\"original_currency\":\"usd\"}\n\
         b#0 user_id:u 2024-11-11T12:00:00Z 2024-11-11: refund channel=shop item=p order=o quantity=2 \
         {\"price\":-4,\"original_amount\":-8,\"original_currency\":\"EUR\",\"event\":\"Order Refunded\"}\n\
         c user_id:u 2024-11-11T12:00:00Z 2024-11-11: purchase channel=shop {\"amount\":\"lots\",\"quantity\":\"many\"}\n\
         remarks {\"bad_amount\": 1, \"bad_quantity\": 1, \"no_rate\": 1}",
    );
}

#[test]
fn every_name_of_the_contract_is_a_core_behavior() {
    let names = [
        ("Product Viewed", "view"),
        ("Product List Viewed", "view"),
        ("Products Searched", "search"),
        ("Product Added", "add_to_cart"),
        ("Product Added to Wishlist", "favorite"),
        ("Order Placed", "order"),
        ("Order Completed", "purchase"),
        ("Order Refunded", "refund"),
        ("Promotion Viewed", "impression"),
        ("Promotion Clicked", "click"),
        ("Coupon Applied", "coupon_redeem"),
        ("Product Reviewed", "review"),
        ("Signed Up", "sign_up"),
        ("Email Delivered", "message_delivered"),
        ("Email Opened", "message_opened"),
        ("Email Link Clicked", "message_clicked"),
        ("SMS Clicked", "message_clicked"),
        ("SMS Bounced", "message_bounced"),
        ("Push Opened", "message_opened"),
        ("Push Notification Tapped", "message_clicked"),
        ("Email Unsubscribed", "message_unsubscribed"),
        ("email marked as spam", "message_complained"),
    ];
    for (event, behavior) in names {
        let parsed = parse(Call::Track, &format!(r#"{{"messageId":"m","userId":"u","event":"{event}"}}"#));
        let text = report(&parsed);
        assert!(text.contains(&format!(": {behavior} ")), "{event}: {text}");
        assert!(parsed.arrivals.ledger.unmapped.is_empty(), "{event}");
    }
    let names = ["product_viewed", "productViewed", "PRODUCT VIEWED"];
    for event in names {
        let text = report(&parse(Call::Track, &format!(r#"{{"userId":"u","event":"{event}"}}"#)));
        assert!(text.contains(": view "), "{text}");
    }
}

#[test]
fn an_unknown_name_is_a_custom_behavior_and_reported() {
    check(
        Call::Track,
        r#"{"messageId":"m","userId":"u","event":"Fitting Room Used","properties":{"channel":"pigeon"}}"#,
        "m user_id:u 2024-11-11T12:00:00Z 2024-11-11: fitting_room_used channel=unmapped.pigeon {\"event\":\"Fitting Room Used\"}\n\
         unmapped {\"behavior\": {\"fitting_room_used\": 1}, \"channel\": {\"pigeon\": 1}}",
    );
}

#[test]
fn the_channel_is_the_propertys_then_the_campaigns_then_the_events() {
    let channel = |event: &str, properties: &str, campaign: &str| {
        let body = format!(
            r#"{{"userId":"u","event":"{event}","properties":{properties},"context":{{"campaign":{campaign}}}}}"#
        );
        let text = report(&parse(Call::Track, &body));
        text.split("channel=").nth(1).unwrap().split(' ').next().unwrap().to_owned()
    };
    let cpc = r#"{"name":"eleven","medium":"cpc","source":"google"}"#;
    assert_eq!(channel("Signed Up", r#"{"channel":"feed_ads"}"#, cpc), "ads.onsite.feed_ads");
    assert_eq!(channel("Signed Up", "{}", cpc), "web.search_engine");
    assert_eq!(channel("SMS Opened", "{}", "null"), "crm.sms");
    assert_eq!(channel("Signed Up", "{}", r#"{"source":"weitao"}"#), "content.weitao");
    assert_eq!(channel("Signed Up", "{}", r#"{"source":"Partner7"}"#), "unmapped.partner7");
    assert_eq!(channel("Signed Up", "{}", "{}"), "shop");
}

#[test]
fn pages_and_screens_are_views() {
    check(
        Call::Batch,
        r#"{"batch":[
            {"type":"page","messageId":"p","anonymousId":"a","category":"Docs","name":"Home","properties":{"url":"https://x.cn/"},
             "context":{"campaign":{"name":"eleven","source":"baidu","medium":"cpc","term":"tea"}}},
            {"type":"screen","messageId":"s","anonymousId":"a","name":"Cart"}]}"#,
        "p anonymous_id:a 2024-11-11T12:00:00Z 2024-11-11: view channel=web.search_engine campaign=eleven \
         {\"url\":\"https://x.cn/\",\"page_category\":\"Docs\",\"name\":\"Home\",\"event\":\"page\",\"utm_source\":\"baidu\",\
         \"utm_medium\":\"cpc\",\"utm_term\":\"tea\"}\n\
         s anonymous_id:a 2024-11-11T12:00:00Z 2024-11-11: view channel=shop {\"name\":\"Cart\",\"event\":\"screen\"}",
    );
}

#[test]
fn traits_are_tags_and_identifiers() {
    check(
        Call::Identify,
        r#"{"messageId":"i","userId":"u","anonymousId":"undefined","traits":{"email":" A@Shop.cn ","phone":13912345678,"age":30,"vip":true,
            "birthday":"1990-02-03","createdAt":"2024-11-10T23:00:00Z","name":"张三","interests":["tea",7,null,{}],"empty":"","nothing":null,
            "address":{"city":"杭州","geo":{"lat":1}},"odd":"2024-1-1"},
            "context":{"device":{"id":"d1"},"traits":{"email":"b@shop.cn","age":31,"level":3},
             "externalId":[{"type":"openId","id":"o1"},{"type":"!","id":"x"}]}}"#,
        "i user_id:u+device:d1+open_id:o1+email:b@shop.cn+email:a@shop.cn+phone:13912345678 2024-11-11T12:00:00Z 2024-11-11: \
         tags age=30 vip=\"true\" birthday=1990-02-03 createdAt=2024-11-11 name=\"张三\" interests=[\"tea\", \"7\"] \
         address.city=\"杭州\" odd=\"2024-1-1\" level=3\n\
         remarks {\"bad_trait\": 1, \"junk_identifier\": 1}",
    );
}

#[test]
fn identify_without_traits_is_a_link_and_alias_joins_known_people() {
    check(
        Call::Batch,
        r#"{"batch":[
            {"type":"identify","messageId":"1","userId":"u","anonymousId":"a"},
            {"type":"alias","messageId":"2","userId":"new","previousId":"old"},
            {"type":"alias","messageId":"3","userId":"new","previousId":"a","anonymousId":"a"},
            {"type":"alias","messageId":"4","userId":"new","previousId":"9e107d9d-372b-4b6f-8a2c-0123456789ab"},
            {"type":"alias","messageId":"5","userId":"same","previousId":"same"},
            {"type":"alias","messageId":"6","userId":"u"},
            {"type":"merge","messageId":"7","mergeProperties":[{"type":"email","value":"a@b.cn"},{"type":"phone","value":"139"}]},
            {"type":"merge","messageId":"8","mergeProperties":[{"type":"email","value":"a@b.cn"}]},
            {"type":"group","messageId":"9","userId":"u","groupId":42,"traits":{"email":"office@firm.cn","employees":9}},
            {"type":"group","messageId":"10","userId":"u"}]}"#,
        "1 user_id:u+anonymous_id:a 2024-11-11T12:00:00Z 2024-11-11: link\n\
         2 user_id:new+user_id:old joins 2024-11-11T12:00:00Z 2024-11-11: link\n\
         3 user_id:new+anonymous_id:a joins 2024-11-11T12:00:00Z 2024-11-11: link\n\
         4 user_id:new+anonymous_id:9e107d9d-372b-4b6f-8a2c-0123456789ab joins 2024-11-11T12:00:00Z 2024-11-11: link\n\
         7 email:a@b.cn+phone:139 joins 2024-11-11T12:00:00Z 2024-11-11: link\n\
         9 user_id:u 2024-11-11T12:00:00Z 2024-11-11: tags group_id=\"42\"\n\
         refused 4 5 no_identifier: an alias needs a userId and another previousId\n\
         refused 5 6 no_identifier: an alias needs a previousId\n\
         refused 7 8 no_identifier: a merge needs two mergeProperties with type and value\n\
         refused 9 10 no_group: a group needs a groupId",
    );
}

#[test]
fn a_bad_message_is_refused_alone() {
    let long = "x".repeat(1_001);
    let body = format!(
        r#"{{"batch":[{{"type":"track","messageId":"ok","userId":"u","event":"click"}},7,{{"type":"trak","messageId":"t","userId":"u"}},
            {{"messageId":"u","userId":"u"}},{{"type":"track","messageId":"n","event":"click"}},
            {{"type":"track","messageId":"j","userId":"null","event":"click"}},{{"type":"track","messageId":"e","userId":"u"}},
            {{"type":"track","messageId":"{long}","userId":"u","event":"click"}},{{"type":"track","userId":"u",}},
            {{"type":"track","messageId":"last","userId":"u","event":"click","messageId2":{deep}}},
            {{"type":"track","messageId":"last","userId":"u","event":"click"}}]}}"#,
        deep = "[".repeat(70) + &"]".repeat(70),
    );
    let parsed = parse(Call::Batch, &body);
    let reasons: Vec<_> = parsed.arrivals.rejects.iter().map(|r| (r.index, r.reason)).collect();
    let expected = [
        (1, "invalid_json"),
        (2, "invalid_type"),
        (3, "invalid_type"),
        (4, "no_identifier"),
        (5, "junk_identifier"),
        (6, "no_event"),
        (7, "message_id_too_long"),
        (8, "invalid_json"),
        (9, "too_deep"),
    ];
    assert_eq!(reasons, expected);
    let ids: Vec<_> = parsed.arrivals.items.iter().map(|a| &*a.message_id).collect();
    assert_eq!(ids, ["ok", "last"]);
    assert_eq!((parsed.messages, parsed.arrivals.ledger.read, parsed.arrivals.ledger.rejected()), (11, 9, 9));
    assert!(parsed.arrivals.ledger.remarks.is_empty());
}

#[test]
fn what_is_around_a_batch_holds_for_its_messages() {
    let parsed = parse(
        Call::Batch,
        r#"{"batch":[{"type":"track","userId":"u","event":"click","timestamp":"2014-01-01T00:00:00Z"},
             {"type":"track","userId":"u","event":"click","originalTimestamp":"2024-11-11T11:59:00Z","timestamp":"2001-01-01T00:00:00Z",
              "sentAt":"2024-11-11T12:00:00Z","context":{"campaign":{"medium":"sms"}}}],
            "sentAt":"2014-01-01T01:00:00.000Z","writeKey":"wk","context":{"campaign":{"medium":"email"},"device":{"id":"d"}}}"#,
    );
    assert_eq!(
        report(&parsed),
        "assigned-1 user_id:u+device:d 2024-11-11T11:00:00Z 2024-11-11: click channel=crm.email {\"utm_medium\":\"email\"}\n\
         assigned-2 user_id:u+device:d 2024-11-11T11:59:00Z 2024-11-11: click channel=crm.sms {\"utm_medium\":\"sms\"}"
    );
    assert_eq!(parsed.write_key.as_deref(), Some("wk"));
    assert_eq!(parsed.sent_at, Some(1_388_538_000_000_000));
    let stamps = parsed.arrivals.items[0].stamps;
    assert_eq!((stamps.original, stamps.sent), (Some(1_388_534_400_000_000), Some(1_388_538_000_000_000)));
    assert_eq!(stamps.received, common::RECEIVED);
}

#[test]
fn what_is_no_request_is_refused_as_a_whole() {
    for body in [
        "",
        "  ",
        "x",
        "{",
        "3",
        r#"{"batch":[1,]}"#,
        r#"{"batch":[]} {}"#,
        r#"{"batch":7}"#,
        "{}",
        r#"{"batch":[1}"#,
    ] {
        assert_eq!(refused(Call::Batch, body).0, Code::InvalidBody, "{body}");
    }
    assert_eq!(refused(Call::Batch, r#"{"batch":{}}"#).1.as_deref(), Some("/batch"));
    assert_eq!(refused(Call::Track, r#"[{"userId":"u"}]"#).0, Code::InvalidBody);
    assert_eq!(refused(Call::Track, r#"{"userId":}"#).0, Code::InvalidBody);
    let many = format!(r#"{{"batch":[{}1]}}"#, "1,".repeat(10_000));
    assert_eq!(refused(Call::Batch, &many).0, Code::TooManyEvents);
    assert_eq!(parse(Call::Batch, r#"{"batch":[]}"#).messages, 0);
    assert_eq!(
        parse(Call::Batch, r#"{"type":"track","userId":"u","event":"click"}"#).arrivals.items.len(),
        1
    );
    assert_eq!(
        parse(Call::Batch, r#" [{"type":"track","userId":"u","event":"click"}] "#).arrivals.items.len(),
        1
    );
}

#[test]
fn orders_cannot_grow_beyond_the_room_there_is() {
    let shop = Shop { limits: Limits { arrivals: 100_000, ..Limits::default() }, ..Shop::default() };
    let order = |lines: usize| {
        format!(
            r#"{{"userId":"u","event":"Order Completed","properties":{{"note":"{}","products":[{}{{}}]}}}}"#,
            "n".repeat(1_000),
            "{},".repeat(lines - 1)
        )
    };
    let read = |lines| {
        shop.read(order(lines).as_bytes(), |body, context| segment(Call::Track, body, context)).unwrap()
    };
    assert_eq!(read(10).arrivals.items.len(), 10);
    let large = read(1_000);
    assert_eq!((large.arrivals.items.len(), large.arrivals.rejects[0].reason), (0, "too_many_lines"));
}

#[test]
fn a_line_with_many_properties_says_its_own() {
    let keys = |from: usize, value: &str| -> Vec<String> {
        (from..from + 20).map(|n| format!("\"k{n}\":{value}")).collect()
    };
    let (shared, own) = (keys(0, "1").join(","), keys(10, "2").join(","));
    let body = format!(
        r#"{{"userId":"u","event":"Order Completed","properties":{{{shared},"products":[{{{own}}}]}}}}"#
    );
    let text = report(&parse(Call::Track, &body));
    let expected = format!("{{{own},{},\"event\":\"Order Completed\"}}", keys(0, "1")[..10].join(","));
    assert!(text.contains(&expected), "{text}");
}

#[test]
fn a_large_event_is_remarked_on_and_a_huge_one_refused() {
    let event = |bytes: usize| {
        format!(r#"{{"userId":"u","event":"click","properties":{{"note":"{}"}}}}"#, "n".repeat(bytes))
    };
    assert_eq!(parse(Call::Track, &event(40_000)).arrivals.ledger.remarks["large_event"], 1);
    assert_eq!(parse(Call::Track, &event(1 << 20)).arrivals.rejects[0].reason, "event_too_large");
}

#[test]
fn a_workspace_maps_its_own_names() {
    let document = serde_json::json!({
        "events": {"Zur Kasse": {"behavior": "order", "channel": "shop.trade", "lines": true}},
        "campaigns": [{"medium": "Blimp", "channel": "placement"}],
        "fields": {"shop": ["filiale"]}
    });
    let shop = Shop { mappings: Mappings::parse(&document).unwrap(), ..Shop::default() };
    let body = r#"{"batch":[
        {"type":"track","messageId":"m","userId":"u","event":"zur kasse","properties":{"filiale":7,"shop":"x","products":[{"sku":"a"}]}},
        {"type":"track","messageId":"n","userId":"u","event":"click","context":{"campaign":{"medium":"blimp"}}}]}"#;
    let parsed = shop.read(body.as_bytes(), |body, context| segment(Call::Batch, body, context)).unwrap();
    assert_eq!(
        report(&parsed),
        "m#0 user_id:u 2024-11-11T12:00:00Z 2024-11-11: order channel=shop.trade shop=7 item=a {\"shop\":\"x\",\"event\":\"zur kasse\"}\n\
         n user_id:u 2024-11-11T12:00:00Z 2024-11-11: click channel=web.placement {\"utm_medium\":\"blimp\"}\n\
         remarks {\"no_amount\": 1}"
    );
}
