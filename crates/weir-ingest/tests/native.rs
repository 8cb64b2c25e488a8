//! The native shape, and the pixel.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use base64::Engine;
use common::{Shop, report};
use weir_core::Code;
use weir_ingest::native;

#[track_caller]
fn check(body: &str, expected: &str) {
    let parsed = Shop::default().read(body.as_bytes(), native).unwrap();
    assert_eq!(report(&parsed), expected);
}

#[track_caller]
fn check_pixel(query: &str, expected: &str) {
    let parsed = Shop::default().pixel(query).unwrap();
    assert_eq!(report(&parsed), expected);
}

#[test]
fn members_are_columns_identifiers_and_properties() {
    check(
        r#"{"message_id":"m","time":"2024-11-11 00:30:00","behavior":"purchase","ids":{"user_id":"u","Bad Kind":"x"},"id_email":"A@b.cn",
            "channel":"feed_ads","shop":"s","brand":"b","category":"c","campaign":"k","item":"i","product_id":"P","order_id":"o",
            "amount":12.5,"currency":"CNY","quantity":2,"price":3,"properties":{"coupon":"X","shop":"inner"}}"#,
        "m user_id:u+email:a@b.cn 2024-11-10T16:30:00Z 2024-11-11: purchase channel=ads.onsite.feed_ads shop=s brand=b category=c \
         campaign=k item=i order=o amount=12.5 quantity=2 {\"product_id\":\"P\",\"price\":3,\"coupon\":\"X\",\"shop\":\"inner\"}\n\
         remarks {\"bad_kind\": 1}",
    );
    check(
        r#"{"id_user_id":"u","behavior":"refund","amount":5,"properties":7}"#,
        "assigned-1 user_id:u 2024-11-11T12:00:00Z 2024-11-11: refund amount=-5 {\"properties\":7}",
    );
}

#[test]
fn one_a_list_wrapped_and_lines_are_the_same() {
    let events = [
        r#"{"message_id":"1","id_user_id":"u","behavior":"view"}"#,
        r#"{"message_id":"2","id_user_id":"u","behavior":"try_on"}"#,
    ];
    let expected = "1 user_id:u 2024-11-11T12:00:00Z 2024-11-11: view \n\
                    2 user_id:u 2024-11-11T12:00:00Z 2024-11-11: try_on \n\
                    unmapped {\"behavior\": {\"try_on\": 1}}";
    check(&format!("[{}]", events.join(",")), expected);
    check(&format!("\u{feff}{{\"events\":[{}]}}", events.join(" , ")), expected);
    check(&events.join("\n"), expected);
    check(&format!("{}\r\n\r\n{}\r\n", events[0], events[1]), expected);
    check(events[0], expected.lines().next().unwrap());
}

#[test]
fn a_bad_line_is_refused_alone() {
    check(
        "{\"message_id\":\"1\",\"id_user_id\":\"u\",\"behavior\":\"view\"\n{\"message_id\":\"2\",\"behavior\":\"view\"}\n\
         {\"message_id\":\"3\",\"id_user_id\":\"u\"}\n{\"message_id\":\"4\",\"id_user_id\":\"u\",\"behavior\":\"view\",\"time\":\"noon\"}",
        "4 user_id:u 2024-11-11T12:00:00Z 2024-11-11: view \n\
         refused 0 - invalid_json: it is not JSON: EOF while parsing an object at line 1 column 52\n\
         refused 1 2 no_identifier: it says nobody's identifier\n\
         refused 2 3 no_behavior: it does not say what was done: behavior\n\
         remarks {\"bad_time\": 1}",
    );
}

#[test]
fn what_is_no_body_is_refused_as_a_whole() {
    for body in ["", "x", "7", "[1", "{\n\"behavior\":\"view\"\n", "\"a\"", "[1,]"] {
        let error = Shop::default().read(body.as_bytes(), native).unwrap_err();
        assert_eq!(error.code, Code::InvalidBody, "{body}");
    }
}

#[test]
fn sent_at_corrects_the_time() {
    check(
        r#"{"sent_at":"2014-01-01T01:00:00Z","events":[{"message_id":"1","time":"2014-01-01T00:00:00Z","id_user_id":"u","behavior":"view"},
            {"message_id":"2","time":"2014-01-01T00:00:00Z","sent_at":"2014-01-01T00:00:01Z","id_user_id":"u","behavior":"view"}]}"#,
        "1 user_id:u 2024-11-11T11:00:00Z 2024-11-11: view \n2 user_id:u 2024-11-11T11:59:59Z 2024-11-11: view ",
    );
}

#[test]
fn a_pixel_is_a_message_in_base64_or_in_parameters() {
    let message =
        r#"{"writeKey":"wk","messageId":"m","userId":"u","event":"Email Opened","properties":{"a":"ü?>"}}"#;
    let expected = "m user_id:u 2024-11-11T12:00:00Z 2024-11-11: message_opened channel=crm.email {\"a\":\"ü?>\",\"event\":\"Email Opened\"}";
    let plain = base64::engine::general_purpose::STANDARD.encode(message);
    let url_safe = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(message);
    for data in [plain.clone(), plain.replace('+', "%2B").replace('=', "%3d"), url_safe] {
        check_pixel(&format!("?x=1&data={data}"), expected);
    }
    let parsed = Shop::default().pixel(&format!("data={plain}")).unwrap();
    assert_eq!(parsed.write_key.as_deref(), Some("wk"));
    check_pixel("writeKey=wk&messageId=m&userId=u&event=Email+Opened&properties.a=%C3%BC%3F%3E", expected);
    check_pixel(
        "anonymousId=a&messageId=m&name=Home&properties={\"url\":\"/x\"}&properties.more=1&context.campaign.medium=email",
        "m anonymous_id:a 2024-11-11T12:00:00Z 2024-11-11: view channel=crm.email \
         {\"url\":\"/x\",\"more\":\"1\",\"name\":\"Home\",\"event\":\"page\",\"utm_medium\":\"email\"}",
    );
    check_pixel("event=click", "refused 0 - no_identifier: it says nobody's identifier");
    let error = Shop::default().pixel("data=***").unwrap_err();
    assert_eq!((error.code, error.at.as_deref()), (Code::InvalidBody, Some("data")));
}
