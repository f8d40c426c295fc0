//! Moments between the worlds of `der`, `jiff` and `webpki`.

use std::time::Duration;

use der::DateTime;
use jiff::Timestamp;
use pki_types::UnixTime;
use x509_cert::time::Time;

/// A certificate's time. «31 December 9999», which some authorities write for "never", is past jiff's last day, and becomes it.
pub(crate) fn of_time(time: Time) -> Timestamp {
    of_seconds(time.to_unix_duration())
}

/// A list's or an answer's time.
pub(crate) fn of_date_time(time: DateTime) -> Timestamp {
    of_seconds(time.unix_duration())
}

fn of_seconds(since_epoch: Duration) -> Timestamp {
    i64::try_from(since_epoch.as_secs())
        .ok()
        .and_then(|seconds| Timestamp::from_second(seconds).ok())
        .unwrap_or(Timestamp::MAX)
}

/// For webpki; nothing was valid before 1970.
pub(crate) fn to_unix(moment: Timestamp) -> UnixTime {
    UnixTime::since_unix_epoch(Duration::from_secs(
        u64::try_from(moment.as_second()).unwrap_or(0),
    ))
}
