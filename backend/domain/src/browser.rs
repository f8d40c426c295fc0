//! A browser, in as few words as its owner needs to know it again.

/// What a browser says that it is. It says what it likes: good for a person's eyes, never to decide by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Browser {
    /// `None` where it is none that we know.
    pub family: Option<BrowserFamily>,
    /// The same.
    pub system: Option<System>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrowserFamily {
    Chrome,
    Edge,
    Firefox,
    Opera,
    Safari,
    SamsungInternet,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    Android,
    ChromeOs,
    Ios,
    Linux,
    MacOs,
    Windows,
}

impl BrowserFamily {
    pub const ALL: [Self; 6] = [
        Self::Chrome,
        Self::Edge,
        Self::Firefox,
        Self::Opera,
        Self::Safari,
        Self::SamsungInternet,
    ];

    /// As it is stored.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Chrome => "chrome",
            Self::Edge => "edge",
            Self::Firefox => "firefox",
            Self::Opera => "opera",
            Self::Safari => "safari",
            Self::SamsungInternet => "samsung_internet",
        }
    }

    /// As it calls itself, in every language.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Chrome => "Chrome",
            Self::Edge => "Edge",
            Self::Firefox => "Firefox",
            Self::Opera => "Opera",
            Self::Safari => "Safari",
            Self::SamsungInternet => "Samsung Internet",
        }
    }
}

impl System {
    pub const ALL: [Self; 6] = [
        Self::Android,
        Self::ChromeOs,
        Self::Ios,
        Self::Linux,
        Self::MacOs,
        Self::Windows,
    ];

    /// As it is stored.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Android => "android",
            Self::ChromeOs => "chrome_os",
            Self::Ios => "ios",
            Self::Linux => "linux",
            Self::MacOs => "mac_os",
            Self::Windows => "windows",
        }
    }

    /// As it calls itself, in every language.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Android => "Android",
            Self::ChromeOs => "ChromeOS",
            Self::Ios => "iOS",
            Self::Linux => "Linux",
            Self::MacOs => "macOS",
            Self::Windows => "Windows",
        }
    }
}
