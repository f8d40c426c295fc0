//! Lists on disk: what is kept for the next start, what is removed, and what an operator is told of them.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use portique_cards::{Cards, Fetch, FetchError, Fetched, ListSource, Version, lists_on_disk};
use portique_domain::card::CardFault;
use portique_domain::testing::SeededEntropy;
use portique_test_authority::CrlSpec;
use tokio::sync::Barrier;

use crate::stage::{
    Net, PEOPLE_LIST, ROOT_LIST, Stage, failure, hours, judge, list, locked, noon, physician,
};

/// The names of the files in a folder, in order.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the test's folder");
    let mut names: Vec<_> = entries
        .map(|entry| entry.expect("a file").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_list_that_could_not_be_written_is_in_use_and_written_as_soon_as_it_can_be() {
    let stage = Stage::new();
    let card = stage.people.issue(physician());
    let version = Version {
        etag: Some("\"2\"".to_owned()),
        last_modified: None,
    };
    let published = (stage.list_of(2, &[&card]), version);
    locked(&stage.net.files).insert(PEOPLE_LIST.to_owned(), published);
    let cards = stage.open_at(noon());
    // Nobody, root neither, writes into a file as if it were a folder.
    fs::remove_dir_all(stage.folder.path()).unwrap();
    fs::write(stage.folder.path(), b"in the way").unwrap();
    cards.refresh_due(noon()).await;
    assert_eq!(judge(&cards, card.chain(), noon()).await, Err(CardFault::Revoked));
    let told = failure(&cards).expect("it is told");
    assert!(
        told.starts_with("it is in use, but can't be kept for the next start: "),
        "{told}"
    );
    // The same version at the source, and still no room.
    let soon = noon() + SignedDuration::from_mins(5);
    cards.refresh_due(soon).await;
    assert_eq!(failure(&cards), Some(told));
    fs::remove_file(stage.folder.path()).unwrap();
    fs::create_dir(stage.folder.path()).unwrap();
    cards.refresh_due(soon + SignedDuration::from_mins(5)).await;
    assert_eq!(failure(&cards), None);
    let restarted = stage.open_at(noon());
    assert_eq!(
        judge(&restarted, card.chain(), noon()).await,
        Err(CardFault::Revoked)
    );
}

#[tokio::test]
async fn what_nobody_needs_any_more_is_removed_at_start_and_nothing_else() {
    let mut stage = Stage::new();
    drop(stage.cards().await);
    let folder = stage.folder.path().to_owned();
    let kept = names(&folder);
    assert_eq!(kept.len(), 3);
    let digits = "0123456789abcdef".repeat(2);
    let left = folder.join(format!("{digits}.4711.new"));
    fs::write(&left, b"half a list").unwrap();
    let of_today = folder.join(format!("{digits}.4712.new"));
    fs::write(&of_today, b"half a list that another server writes").unwrap();
    let noon_before = SystemTime::from(noon() - hours(24));
    let set = |path: &Path, at| {
        fs::File::options()
            .write(true)
            .open(path)
            .unwrap()
            .set_modified(at)
            .unwrap();
    };
    set(&left, noon_before);
    set(&of_today, SystemTime::from(noon()) - Duration::from_mins(1));
    let others = [
        "README.txt",
        "offline.crl",
        "0123.crl",
        "0123456789ABCDEF0123456789ABCDEF.crl",
    ];
    for other in others {
        fs::write(folder.join(other), b"an operator's").unwrap();
        set(&folder.join(other), noon_before);
    }
    // One source less than there was.
    stage.people_file().lists = vec![ListSource::File(folder.join("offline.crl"))];
    drop(stage.open_at(noon()));
    let now = names(&folder);
    assert!(!left.exists(), "{now:?}");
    assert!(of_today.exists(), "{now:?}");
    assert!(others.iter().all(|other| folder.join(other).exists()), "{now:?}");
    let lists = now.iter().filter(|name| kept.contains(name)).count();
    assert_eq!(lists, 2, "the people's list is nobody's any more: {now:?}");
}

#[tokio::test]
async fn of_a_list_that_is_over_no_source_may_say_that_nothing_changed() {
    let stage = Stage::new();
    let always = Version {
        etag: Some("\"always\"".to_owned()),
        last_modified: None,
    };
    let put = |bytes: Vec<u8>| {
        let mut files = stage.net.files.lock().unwrap();
        files.insert(PEOPLE_LIST.to_owned(), (bytes, always.clone()));
    };
    put(stage.list_of(1, &[]));
    let cards = stage.cards().await;
    // The source has a newer one, and the version of before.
    let lasting = CrlSpec {
        number: 2,
        ..CrlSpec::new(noon(), noon() + hours(1000))
    };
    put(stage.people.crl(&lasting, &[]));
    stage.net.put(ROOT_LIST, stage.root.crl(&lasting, &[]));
    let card = stage.people.issue(physician());
    for later in [hours(20), hours(60)] {
        cards.refresh_due(noon() + later).await;
    }
    let late = noon() + hours(60);
    let judged = judge(&cards, card.chain(), late).await;
    assert_eq!(judged.err(), None);
}

#[tokio::test]
async fn what_lies_on_disk_is_told_without_a_change_to_it() {
    let stage = Stage::new();
    stage
        .net
        .put(PEOPLE_LIST, stage.list_of(2, &[&stage.people.issue(physician())]));
    let told = |now: Timestamp| {
        let lists = lists_on_disk(stage.settings.clone(), now).unwrap().lists;
        let of_people = lists.into_iter().find(|status| status.source == PEOPLE_LIST);
        of_people.expect("the people's list")
    };
    let none = told(noon());
    assert_eq!((none.authority, none.is_believed), (None, false));
    let cards = stage.cards().await;
    let half = stage.folder.path().join(format!("{}.1.new", "0".repeat(32)));
    fs::write(&half, b"of long ago").unwrap();
    let people = told(noon());
    assert_eq!(people.authority.as_deref(), Some("AC IGC-SANTE FORT PERSONNES"));
    assert_eq!((people.revoked, people.this_update), (1, Some(noon())));
    assert_eq!(people.next_update, Some(noon() + hours(24)));
    for (later, is_believed) in [(hours(0), true), (hours(48), true), (hours(49), false)] {
        assert_eq!(told(noon() + later).is_believed, is_believed, "{later}");
        let in_use = cards.lists(noon() + later);
        let in_use = in_use.iter().find(|status| status.source == PEOPLE_LIST).unwrap();
        assert_eq!(in_use.is_believed, is_believed, "{later}");
    }
    assert!(half.exists());
}

/// Sends lists once as many as these are asked for at the same time.
struct Together {
    net: Arc<Net>,
    all: Barrier,
}

#[async_trait]
impl Fetch for Together {
    async fn get(&self, url: &str, known: &Version) -> Result<Fetched, FetchError> {
        let met = tokio::time::timeout(Duration::from_secs(20), self.all.wait()).await;
        met.map_err(|_| FetchError::Timeout)?;
        self.net.get(url, known).await
    }

    async fn ask(&self, _: &str, _: Vec<u8>) -> Result<Vec<u8>, FetchError> {
        Err(FetchError::Timeout)
    }
}

#[tokio::test]
async fn a_slow_source_does_not_hold_up_the_others() {
    let stage = Stage::new();
    stage.net.put(PEOPLE_LIST, stage.people.crl(&list(1), &[]));
    let fetch = Arc::new(Together {
        net: stage.net.clone(),
        all: Barrier::new(3),
    });
    let entropy = Arc::new(SeededEntropy::new(1));
    let cards = Cards::open(stage.settings.clone(), fetch, entropy, noon()).unwrap();
    cards.refresh_due(noon()).await;
    let lists = cards.lists(noon());
    assert!(lists.iter().all(|status| status.is_believed), "{lists:?}");
}
