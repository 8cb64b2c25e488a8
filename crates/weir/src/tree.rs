//! A tree for people, drawn with thin lines.

/// A node: its own line, lines about it, and its parts.
#[derive(Debug, Default)]
pub struct Node {
    /// What stands beside the branch.
    pub title: String,
    /// What stands below it.
    pub details: Vec<String>,
    /// What hangs from it.
    pub parts: Vec<Node>,
}

impl Node {
    /// The tree as text.
    pub fn text(&self) -> String {
        let mut lines = Vec::new();
        self.draw("", "", &mut lines);
        lines.join("\n")
    }

    /// `first` stands before the title, `rest` before every other line.
    fn draw(&self, first: &str, rest: &str, lines: &mut Vec<String>) {
        lines.push(format!("{first}{}", self.title));
        let bar = if self.parts.is_empty() { "    " } else { "│   " };
        for detail in &self.details {
            lines.push(format!("{rest}{bar}{detail}"));
        }
        let last = self.parts.len().saturating_sub(1);
        for (i, part) in self.parts.iter().enumerate() {
            let (branch, stem) = if i == last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
            part.draw(&format!("{rest}{branch}"), &format!("{rest}{stem}"), lines);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(title: &str, details: &[&str]) -> Node {
        let details = details.iter().map(|&detail| detail.to_owned()).collect();
        Node { title: title.to_owned(), details, parts: Vec::new() }
    }

    #[test]
    fn parts_hang_from_their_node() {
        let inner = Node { parts: vec![leaf("c", &["seen"])], ..leaf("b", &["why"]) };
        let tree = Node { parts: vec![inner, leaf("d", &["never"])], ..leaf("a", &[]) };
        insta::assert_snapshot!(tree.text(), @r"
        a
        ├─ b
        │  │   why
        │  └─ c
        │         seen
        └─ d
               never
        ");
    }
}
