//! Features that a workspace may be without: all are on until somebody turns one off. Where each is refused is for weir-app.

use crate::error::{Code, Error, Result, suggestion};

macro_rules! features {
    ($($name:ident, $text:literal, $en:literal, $zh:literal;)*) => {
        /// Something that can be turned off for a workspace.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Feature { $(#[doc = $en] $name,)* }

        impl Feature {
            /// All of them, by name.
            pub const ALL: &'static [Feature] = &[$(Feature::$name,)*];

            /// Its name.
            pub fn name(self) -> &'static str {
                match self { $(Feature::$name => $text,)* }
            }

            /// What it is, in a sentence.
            pub fn about(self) -> &'static str {
                match self { $(Feature::$name => $en,)* }
            }

            /// The same in Chinese.
            pub fn about_zh(self) -> &'static str {
                match self { $(Feature::$name => $zh,)* }
            }
        }
    };
}

features! {
    ComputedTags, "computed_tags", "Define tags by a rule, and compute them.", "用规则定义标签并计算。";
    Lists, "lists", "Upload lists of identifiers, one's own or a partner's.", "上传自有或合作方的名单。";
    Pushes, "pushes", "Push people to destinations and files.", "把人群推送到投放目的地或文件。";
    Queues, "queues", "Read events from message queues.", "从消息队列读取事件。";
    Reach, "reach", "Plan which media to buy for the most reach.", "按覆盖人数规划媒体组合。";
    Rfm, "rfm", "Score people by recency, frequency and money.", "按最近、频次、金额给消费者评分（RFM）。";
    Schedules, "schedules", "Compute definitions on a schedule without being asked.", "按计划自动更新人群、标签和追踪。";
    Sql, "sql", "Ask the event table in SQL.", "用 SQL 查询事件表。";
    Tracks, "tracks", "Follow people under a state model, with alerts and reports.", "用状态模型追踪人群，带预警和报告。";
    Webhooks, "webhooks", "Send to webhooks over the network.", "通过网络发送到 Webhook。";
}

impl Feature {
    /// The feature of a name.
    pub fn named(name: &str) -> Result<Feature> {
        let found = Feature::ALL.iter().find(|feature| feature.name() == name).copied();
        found.ok_or_else(|| {
            let known: Vec<&str> = Feature::ALL.iter().map(|feature| feature.name()).collect();
            let help = suggestion(name, known.iter().copied());
            Error::new(Code::UnknownFeature, format!("there is no feature \"{name}\""))
                .help(help.unwrap_or_else(|| format!("features: {}", known.join(", "))))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_feature_is_found_by_its_name_and_says_what_it_is() {
        let names: Vec<&str> = Feature::ALL.iter().map(|feature| feature.name()).collect();
        assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
        for feature in Feature::ALL {
            assert_eq!(Feature::named(feature.name()), Ok(*feature));
            assert!(feature.about().ends_with('.') && feature.about_zh().ends_with('。'), "{feature:?}");
        }
        let error = Feature::named("webhook").unwrap_err();
        assert_eq!(
            (error.code, error.help.as_deref()),
            (Code::UnknownFeature, Some("did you mean \"webhooks\"?"))
        );
    }
}
