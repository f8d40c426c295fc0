use super::ShellWords;

pub(super) const WORDS: ShellWords = ShellWords {
    skip_to_content: "Skip to content",
    demo: "Demonstration: the people are fictitious and no message leaves.",
    demo_mailbox: "Read the messages",
    promise: "Your digital health services, behind a single door.",
    identifier: "Identifier",
    password: "Password",
    show_password: "Show password",
    passkey: "Sign in with a passkey",
    support: "Support",
    about: "About",
    language: "Language",
    loading: "Loading…",
    no_script: "This page needs JavaScript. Turn it on in your browser, or contact support.",
};
