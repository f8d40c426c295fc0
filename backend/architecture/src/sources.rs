//! Rules that `cargo metadata` cannot see: which files may say which words.

/// Words that only some files of a folder may say.
struct Rule {
    /// The files under the rule: a path's beginning, from the workspace's root.
    folder: &'static str,
    /// Words that must not stand there.
    words: &'static [&'static str],
    /// Beginnings of paths that may say them all the same.
    except: &'static [&'static str],
    why: &'static str,
}

const RULES: [Rule; 6] = [
    Rule {
        folder: "frontend/src/",
        words: &["gloo_net", "web_sys::Request", "fetch_with_"],
        except: &["frontend/src/api"],
        why: "only the client's `api` speaks HTTP",
    },
    Rule {
        folder: "frontend/src/components",
        words: &["crate::pages", "super::super::pages"],
        except: &[],
        why: "components know no page",
    },
    Rule {
        folder: "frontend/src/",
        words: &["local_storage()", "session_storage()"],
        except: &[],
        why: "no secret may end in the browser's storage, so nothing does",
    },
    Rule {
        folder: "backend/domain/src/",
        words: &["std::fs", "std::net", "tokio::net", "tokio::fs"],
        except: &[],
        why: "the domain does no input or output",
    },
    Rule {
        folder: "shared/src/",
        words: &["std::fs", "std::net", "std::time", "std::env"],
        except: &[],
        why: "`shared` is pure",
    },
    Rule {
        folder: "backend/server/src/",
        words: &["sea_orm"],
        except: &[],
        why: "entities and SQL never leave the storage",
    },
];

/// What breaks the rules in one file, one sentence each.
///
/// `path` is the file's, from the workspace's root and with `/` between its parts. Comments may say anything.
pub fn violations(path: &str, text: &str) -> Vec<String> {
    RULES
        .iter()
        .filter(|rule| path.starts_with(rule.folder))
        .filter(|rule| !rule.except.iter().any(|beginning| path.starts_with(beginning)))
        .flat_map(|rule| {
            text.lines()
                .enumerate()
                .filter(|(_, line)| !line.trim_start().starts_with("//"))
                .flat_map(move |(index, line)| {
                    rule.words
                        .iter()
                        .filter(move |word| line.contains(**word))
                        .map(move |word| format!("{path}:{}: {word}: {}", index + 1, rule.why))
                })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_of_each_rule_is_refused_in_its_folder() {
        for rule in &RULES {
            for word in rule.words {
                let path = format!("{}/somewhere.rs", rule.folder);
                let found = violations(&path, &format!("fn first() {{}}\nuse {word};\n"));
                assert!(!found.is_empty(), "{word} in {path}");
                assert!(found[0].starts_with(&format!("{path}:2: ")), "{}", found[0]);
            }
        }
    }

    #[test]
    fn the_files_excepted_may_say_the_words_and_so_may_comments_and_other_folders() {
        let speaks_http = "use gloo_net::http::Request;";
        assert!(violations("frontend/src/api.rs", speaks_http).is_empty());
        assert!(violations("frontend/src/api/session.rs", speaks_http).is_empty());
        assert!(violations("backend/delivery/src/sms.rs", speaks_http).is_empty());
        assert!(violations("frontend/src/app.rs", "// gloo_net is for api.rs").is_empty());
        assert!(!violations("frontend/src/app.rs", speaks_http).is_empty());
    }

    #[test]
    fn a_page_may_use_pages_and_a_component_may_not() {
        let line = "use crate::pages::SignIn;";
        assert!(violations("frontend/src/app.rs", line).is_empty());
        assert_eq!(violations("frontend/src/components/field.rs", line).len(), 1);
        assert_eq!(violations("frontend/src/components.rs", line).len(), 1);
    }
}
