//! The six playbooks.

use serde_json::{Value as Json, json};

use super::{Audiences, Filled, Known, Parameter, ParameterKind, Playbook};
use crate::channel::{Role, is_below};
use crate::error::{Code, Error};
use crate::expr::{AtDate, Did, Expr, Filter, Measure, StateTest};
use crate::op::{Op, Ops, Value};
use crate::overlap::NamedSet;
use crate::state_model::ModelRef;
use crate::time::Window;

const REACHED: [&str; 2] = ["impression", "click"];
const SEEN: [&str; 3] = ["impression", "click", "view"];

pub(super) static ALL: [Playbook; 6] = [
    Playbook {
        name: "brand_to_performance",
        title: "Brand ads → performance ads",
        title_zh: "品牌广告 → 效果广告",
        text: "Whoever brand ads have reached and who has not bought since is led on to performance ads, unless these have reached them already.",
        text_zh: "品牌广告触达过、尚未成交的人群，在效果广告中承接；已被效果广告触达的除外。",
        own: |known| {
            let brand = channels(known, &["ads", "external"], &[Role::ReachNew], &["ads"]);
            let performance = channels(
                known,
                &["ads"],
                &[Role::CaptureIntent, Role::Convert, Role::Discover],
                &["search_ads"],
            );
            vec![
                list("brand", brand, "Brand ads", "品牌广告渠道"),
                list("performance", performance, "Performance ads", "效果广告渠道"),
                days(30, "Reached in the last days", "最近触达天数"),
            ]
        },
        play: |filled| {
            let window = last(filled.days("days"));
            let exposed = did(&REACHED, filled.texts("brand"), window);
            let performance = did(&REACHED, filled.texts("performance"), window);
            Ok(Audiences {
                named: vec![
                    audience("exposed", exposed, "Reached by brand ads"),
                    target(
                        filled,
                        "exposed",
                        vec![bought(window), performance],
                        "Reached by brand ads, not bought, not yet in performance ads",
                    ),
                ],
                media: media(filled, &["brand", "performance"], &REACHED, window),
            })
        },
    },
    Playbook {
        name: "performance_chain",
        title: "A chain of performance media",
        title_zh: "效果媒体链路",
        text: "Media are lined up one after the other; the preview shows how they overlap and whom only one of them reaches. Whoever an earlier one has reached, but neither the last one nor a purchase has followed, goes to the last.",
        text_zh: "任意效果媒体按顺序组成链路，预览重叠与独立触达；前链触达、末链未触达且未成交的人群进入末链。",
        own: |known| {
            let roles = [Role::Discover, Role::ReachNew, Role::CaptureIntent, Role::Convert];
            let chain = in_chain(known, &roles);
            vec![
                list("media", chain, "Media from the first to the last", "媒体顺序（从前到后）"),
                days(30, "Reached in the last days", "最近触达天数"),
            ]
        },
        play: |filled| {
            let (window, chain) = (last(filled.days("days")), filled.texts("media"));
            let Some((end, before)) = chain.split_last().filter(|(_, before)| !before.is_empty()) else {
                return Err(Error::new(Code::InvalidArgument, "a chain has two media at least").at("/media"));
            };
            let caught = did(&REACHED, vec![end.clone()], window);
            Ok(Audiences {
                named: vec![
                    audience(
                        "reached",
                        did(&REACHED, before.to_vec(), window),
                        "Reached by a medium before the last",
                    ),
                    audience("caught", caught, "Reached by the last medium"),
                    target(
                        filled,
                        "reached",
                        vec![named(filled, "caught"), bought(window)],
                        "Reached, but not by the last medium, and not bought",
                    ),
                ],
                media: media(filled, &["media"], &REACHED, window),
            })
        },
    },
    Playbook {
        name: "after_promotion",
        title: "After a promotion: exposed, not converted",
        title_zh: "大促后：曝光未转化的潜客与新客",
        text: "Whoever was reached during a promotion, was in one of some states when it ended and has bought nothing since it began is followed and pushed again.",
        text_zh: "大促期间被触达、结束时为潜客或新客、至今未成交的人群，锁定追踪并再次投放。",
        own: |known| {
            vec![
                date(
                    "from",
                    json!(known.peak.plus(-3).to_string()),
                    "First day of the promotion",
                    "大促开始",
                ),
                date("to", json!(known.peak.to_string()), "Last day of the promotion", "大促结束"),
                Parameter::new(
                    "states",
                    ParameterKind::Texts,
                    json!(["potential", "new"]),
                    "States at the end of the promotion",
                    "大促结束时的状态",
                ),
            ]
        },
        play: |filled| {
            let (from, to, as_of) = (filled.date("from")?, filled.date("to")?, filled.date("as_of")?);
            if from > to {
                let error = Error::new(Code::InvalidArgument, "the promotion ends before it begins");
                return Err(error.at("/to").help("put the earlier date first"));
            }
            if to > as_of {
                let error = Error::new(Code::InvalidArgument, format!("the promotion ends after {as_of}"));
                return Err(error.at("/to").help("choose a later as_of, or a promotion that is over"));
            }
            let model = ModelRef::from(filled.text("model"));
            let test = StateTest { model, scope: filled.scope("scope")?, states: filled.texts("states") };
            let then = Expr::At(AtDate::Date(to), Box::new(Expr::State(test)));
            let exposed = did(&SEEN, Vec::new(), Window::Between { from, to });
            Ok(Audiences {
                named: vec![
                    audience(
                        "exposed",
                        Expr::All(vec![exposed, then]),
                        "Reached by the promotion, in one of the states when it ended",
                    ),
                    target(
                        filled,
                        "exposed",
                        vec![bought(Window::Between { from, to: as_of })],
                        "Reached by the promotion, nothing bought since it began",
                    ),
                ],
                media: Vec::new(),
            })
        },
    },
    Playbook {
        name: "activity_to_ads",
        title: "Activity platforms → ads",
        title_zh: "活动平台 → 广告",
        text: "Whoever came through an activity platform and did not buy is won by ads, as long as the activity is remembered.",
        text_zh: "活动平台来访而未成交的人群，趁热用广告再营销。",
        own: |known| {
            let activity = channels(known, &["activity"], &[], &["activity"]);
            vec![
                list("activity", activity, "Activity platforms", "活动渠道"),
                days(30, "Came in the last days", "最近来访天数"),
            ]
        },
        play: |filled| {
            let window = last(filled.days("days"));
            Ok(Audiences {
                named: vec![
                    audience(
                        "came",
                        did(&[], filled.texts("activity"), window),
                        "Came through an activity platform",
                    ),
                    target(
                        filled,
                        "came",
                        vec![bought(window)],
                        "Came through an activity platform and did not buy",
                    ),
                ],
                media: media(filled, &["activity"], &[], window),
            })
        },
    },
    Playbook {
        name: "content_to_ads",
        title: "Content → ads at the right time",
        title_zh: "内容 → 广告，恰逢其时",
        text: "Whoever comes back to content on several days and was there just now is ready for an ad; whoever has bought is not.",
        text_zh: "多日浏览内容、最近刚刚活跃、尚未成交的人群，此时投放广告最合适。",
        own: |known| {
            let content = channels(known, &["content"], &[], &["content"]);
            vec![
                list("content", content, "Content", "内容渠道"),
                days(30, "With content in the last days", "最近浏览天数"),
                Parameter::new(
                    "times",
                    ParameterKind::Days,
                    json!(2),
                    "On at least so many days",
                    "至少活跃天数",
                ),
                Parameter::new(
                    "fresh_days",
                    ParameterKind::Days,
                    json!(7),
                    "Last there in the last days",
                    "最后活跃距今天数",
                ),
            ]
        },
        play: |filled| {
            let window = last(filled.days("days"));
            let often = Ops(vec![Op::Gte(Value::Number(f64::from(filled.days("times"))))]);
            let fresh = Ops(vec![Op::LastDays(filled.days("fresh_days"))]);
            let warm = Did {
                filter: filter(&[], filled.texts("content")),
                within: Some(window),
                measures: vec![(Measure::ActiveDays, often), (Measure::Last, fresh)],
                unscoped: false,
            };
            Ok(Audiences {
                named: vec![
                    audience(
                        "warm",
                        Expr::Did(Box::new(warm)),
                        "Back at content on several days, and just now",
                    ),
                    target(filled, "warm", vec![bought(window)], "Warm for content, not bought"),
                ],
                media: media(filled, &["content"], &[], window),
            })
        },
    },
    Playbook {
        name: "offsite_to_onsite",
        title: "Off-site people, kept by medium → on-site",
        title_zh: "站外人群，分媒体沉淀 → 站内",
        text: "People of each off-site medium are kept as an audience of their own; those who have not come to a shop since are led on-site.",
        text_zh: "站外各媒体人群分别沉淀；尚未进店的人群在站内承接。",
        own: |known| {
            let external = channels(known, &["external"], &[], &["external"]);
            vec![
                list("media", external, "Off-site media", "站外媒体"),
                list("onsite", vec!["shop".to_owned()], "On-site", "站内渠道"),
                days(60, "Reached in the last days", "最近触达天数"),
            ]
        },
        play: |filled| {
            let (window, chosen) = (last(filled.days("days")), filled.texts("media"));
            let of_medium = |medium: &String| {
                let text = format!("Reached by {medium}");
                (format!("from_{}", medium.replace('.', "_")), did(&[], vec![medium.clone()], window), text)
            };
            let mut all: Vec<(String, Expr, String)> = chosen.iter().map(of_medium).collect();
            let parts = all.iter().map(|(name, _, _)| named(filled, name)).collect();
            all.push(audience("offsite", Expr::Any(parts), "Reached by any off-site medium"));
            let onsite = did(&[], filled.texts("onsite"), window);
            all.push(target(filled, "offsite", vec![onsite], "Reached off-site, not come on-site"));
            Ok(Audiences { named: all, media: media(filled, &["media"], &[], window) })
        },
    },
];

fn list(name: &'static str, channels: Vec<String>, title: &'static str, title_zh: &'static str) -> Parameter {
    Parameter::new(name, ParameterKind::Channels, json!(channels), title, title_zh)
}

fn days(default: u32, title: &'static str, title_zh: &'static str) -> Parameter {
    Parameter::new("days", ParameterKind::Days, json!(default), title, title_zh)
}

fn date(name: &'static str, default: Json, title: &'static str, title_zh: &'static str) -> Parameter {
    Parameter::new(name, ParameterKind::Date, default, title, title_zh)
}

/// Channels below some entrances, of some roles if any are named, that reached people lately, the greatest first; `instead`
/// where there are none.
fn channels(known: &Known, below: &[&str], roles: &[Role], instead: &[&str]) -> Vec<String> {
    let fits = |path: &str, role: Option<Role>| {
        let there = below.iter().any(|node| is_below(path, node) && path != *node);
        there && (roles.is_empty() || role.is_some_and(|role| roles.contains(&role)))
    };
    let mut found: Vec<_> =
        known.channels.iter().filter(|(path, role, people)| *people > 0 && fits(path, *role)).collect();
    // A node stands for all below it, so only leaves are named.
    found.retain(|(path, _, _)| {
        !known.channels.iter().any(|(other, _, _)| other != path && is_below(other, path))
    });
    found.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.0.cmp(&b.0)));
    let paths: Vec<String> = found.into_iter().take(8).map(|(path, _, _)| path.clone()).collect();
    if paths.is_empty() { instead.iter().map(|name| (*name).to_owned()).collect() } else { paths }
}

/// The greatest on-site ads of each role, in the order of roles; at least two media.
fn in_chain(known: &Known, roles: &[Role]) -> Vec<String> {
    let of_role = |role: &Role| channels(known, &["ads"], &[*role], &[]).into_iter().take(2);
    let chain: Vec<String> = roles.iter().flat_map(of_role).collect();
    if chain.len() >= 2 { chain } else { vec!["feed_ads".to_owned(), "search_ads".to_owned()] }
}

fn last(days: u32) -> Window {
    Window::Days { days, skip: 0 }
}

fn filter(behavior: &[&str], channel: Vec<String>) -> Filter {
    Filter {
        behavior: behavior.iter().map(|name| (*name).to_owned()).collect(),
        channel,
        ..Filter::default()
    }
}

fn did(behavior: &[&str], channel: Vec<String>, window: Window) -> Expr {
    Expr::Did(Box::new(Did { filter: filter(behavior, channel), within: Some(window), ..Did::default() }))
}

fn bought(window: Window) -> Expr {
    did(&["purchase"], Vec::new(), window)
}

fn audience(name: &str, expr: Expr, text: &str) -> (String, Expr, String) {
    (name.to_owned(), expr, text.to_owned())
}

/// Another audience of the same playbook.
fn named(filled: &Filled, name: &str) -> Expr {
    Expr::Audience(format!("{}_{name}", filled.text("prefix")))
}

fn target(filled: &Filled, of: &str, without: Vec<Expr>, text: &str) -> (String, Expr, String) {
    let parts = [named(filled, of)].into_iter().chain(without).collect();
    audience("target", Expr::Minus(parts), text)
}

/// The channels of some parameters as sets, each once; none if there is only one.
fn media(filled: &Filled, parameters: &[&str], behavior: &[&str], window: Window) -> Vec<NamedSet> {
    let mut names: Vec<String> = Vec::new();
    for name in parameters.iter().flat_map(|parameter| filled.texts(parameter)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.truncate(16);
    let set = |name: &String| NamedSet::new(name, did(behavior, vec![name.clone()], window));
    if names.len() < 2 { Vec::new() } else { names.iter().map(set).collect() }
}
