use super::SessionsWords;

pub(super) const SESSIONS: SessionsWords = SessionsWords {
    title: "My sessions",
    intro: "The browsers where your account is open at this moment. If you do not recognise one of them, end it and change your password.",
    current: "This session",
    unknown_browser: "Unknown browser",
    on: " on ",
    last_used: "Last used on",
    started: "Signed in on",
    local: "Local network",
    address: "Address",
    nowhere: "Unknown place",
    end: "End this session",
    end_others: "End the other sessions",
    ended: "This session has ended.",
    others_ended: "The other sessions have ended.",
    browsers: "Remembered computers",
    browsers_intro: "There your password is enough: you are asked for no code. Ending the other sessions forgets these too.",
    current_browser: "This computer",
    until: "Remembered until",
    forget: "Forget",
    forgotten: "This computer is forgotten: a code will be asked there at the next sign-in.",
};
