//! A real Kannel, on ports of its own: bearerbox, smsbox, and a centre that only pretends to be one.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;
use tokio::time::{interval, timeout};

/// Longer than its three programs need on a slow machine, and how often they are looked at.
const PATIENCE: Duration = Duration::from_secs(30);
const LOOKS: Duration = Duration::from_millis(5);
/// Where Debian puts its own test programs.
const FAKE_CENTRE: &str = "/usr/lib/kannel/test/fakesmsc";

/// Three processes. Dropped, they are killed.
///
/// # Panics
///
/// Wherever something of it fails: it is part of a test.
pub struct Kannel {
    folder: TempDir,
    /// Where SMS are handed over.
    pub sendsms: u16,
    centre: Child,
    smsbox: Child,
    bearerbox: Child,
}

impl Kannel {
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().expect("temporary folders can be made");
        let [admin, inner, centre, sendsms] = [(); 4].map(|()| free_port());
        let file = folder.path().join("kannel.conf");
        let text = format!(
            "group = core\nadmin-port = {admin}\nadmin-interface = 127.0.0.1\nadmin-password = none\n\
             admin-allow-ip = 127.0.0.1\nsmsbox-port = {inner}\nsmsbox-interface = 127.0.0.1\ndlr-storage = internal\n\n\
             group = smsc\nsmsc = fake\nsmsc-id = fake\nhost = 127.0.0.1\nport = {centre}\n\
             connect-allow-ip = 127.0.0.1\n\n\
             group = smsbox\nbearerbox-host = 127.0.0.1\nbearerbox-port = {inner}\nsendsms-port = {sendsms}\n\
             sendsms-interface = 127.0.0.1\n\n\
             group = sendsms-user\nusername = portique\npassword = secret\nmax-messages = 2\nconcatenation = true\n\n\
             group = sms-service\nkeyword = default\ntext = \"none\"\nmax-messages = 0\n"
        );
        fs::write(&file, text).expect("the test's folder can be written");
        let conf = file.to_str().expect("a path in ASCII");
        let bearerbox = run("/usr/sbin/bearerbox", &[conf], folder.path(), "bearerbox");
        listens("bearerbox", inner).await;
        listens("the fake centre's port", centre).await;
        let smsbox = run("/usr/sbin/smsbox", &[conf], folder.path(), "smsbox");
        listens("smsbox", sendsms).await;
        let port = centre.to_string();
        // It must be given something to say, and says it once.
        let spoken = [
            "-H",
            "127.0.0.1",
            "-r",
            &port,
            "-i",
            "100000",
            "100 200 text hello",
        ];
        let centre = run(FAKE_CENTRE, &spoken, folder.path(), "centre");
        let kannel = Self {
            folder,
            sendsms,
            centre,
            smsbox,
            bearerbox,
        };
        until("the fake centre's greeting", || {
            kannel.said("bearerbox").contains("new message received")
        })
        .await;
        kannel
    }

    /// What one of the three wrote so far.
    fn said(&self, name: &str) -> String {
        let text = fs::read(self.folder.path().join(name)).unwrap_or_default();
        String::from_utf8_lossy(&text).into_owned()
    }

    /// The texts that the fake centre got.
    pub fn got(&self) -> String {
        self.said("centre")
    }

    /// Nobody answers where SMS are handed over any more.
    pub fn stop_smsbox(&mut self) {
        // It may be gone already.
        let _ = self.smsbox.kill();
        let _ = self.smsbox.wait();
    }

    /// Whoever hands an SMS over is listened to and not answered.
    pub fn freeze_smsbox(&self) {
        let frozen = Command::new("kill")
            .args(["-STOP", &self.smsbox.id().to_string()])
            .status();
        assert!(frozen.is_ok_and(|status| status.success()));
    }
}

impl Drop for Kannel {
    fn drop(&mut self) {
        for child in [&mut self.centre, &mut self.smsbox, &mut self.bearerbox] {
            // They may be gone already.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// What the program says goes to a file of that name.
fn run(program: &str, arguments: &[&str], folder: &Path, name: &str) -> Child {
    let output = fs::File::create(folder.join(name)).expect("the test's folder can be written");
    let errors = output.try_clone().expect("a file can be had twice");
    Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(output)
        .stderr(errors)
        .spawn()
        .unwrap_or_else(|error| panic!("{program}: {error} (Debian: apt-get install kannel kannel-extras)"))
}

async fn listens(what: &str, port: u16) {
    until(what, || TcpStream::connect(("127.0.0.1", port)).is_ok()).await;
}

/// Looks until it is so.
async fn until(what: &str, is_so: impl Fn() -> bool) {
    let looking = async {
        let mut looks = interval(LOOKS);
        while !is_so() {
            looks.tick().await;
        }
    };
    let so = timeout(PATIENCE, looking).await;
    assert!(so.is_ok(), "this never came: {what}");
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    listener.local_addr().expect("it is bound").port()
}
