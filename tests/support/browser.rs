//! Headless Chromium, driven through its driver: one browser with an empty profile per test.

use crate::folder::{self, Folder};
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use thirtyfour::LoggingPrefsLogLevel;
use thirtyfour::prelude::*;

/// The switches that keep the browser quiet and off the network.
const SWITCHES: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--disable-default-apps",
    "--disable-extensions",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
];

/// The version of the accessibility checker that `tests/run` fetches.
const CHECKER: &str = "axe/axe-4.12.1.min.js";

/// A browser window.
pub struct Browser {
    /// The window's driver.
    pub page: WebDriver,
    driver: Process,
    _profile: Folder,
}

/// How a page is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// Width of the window in CSS pixels.
    pub width: u32,
    /// Whether the person prefers dark colours.
    pub dark: bool,
}

struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // The driver takes its browsers with it when it is asked to end.
        let asked = Command::new("kill").arg(self.0.id().to_string()).status();
        if asked.is_err() {
            let _ = self.0.kill();
        }
        let _ = self.0.wait();
    }
}

impl Browser {
    /// Opens a window whose user reads `language` (a code such as `en` or `de-AT`).
    ///
    /// # Panics
    /// When Chromium or its driver is not installed: `tests/run` installs both.
    pub async fn open(language: &str) -> Browser {
        let (driver, port) = start_driver();
        let profile = Folder::new("browser");
        let mut wishes = DesiredCapabilities::chrome();
        let fits = "capabilities fit";
        for switch in SWITCHES {
            wishes.add_arg(switch).expect(fits);
        }
        wishes.add_arg(&format!("--user-data-dir={}", profile.path().display())).expect(fits);
        wishes.add_arg(&format!("--accept-lang={language}")).expect(fits);
        let languages = json!({"intl.accept_languages": language});
        wishes.add_experimental_option("prefs", languages).expect(fits);
        wishes.set_browser_log_level(LoggingPrefsLogLevel::All).expect(fits);
        let page = WebDriver::new(format!("http://127.0.0.1:{port}"), wishes)
            .await
            .expect("a browser window");
        let browser = Browser { page, driver, _profile: profile };
        // Chromium's own setting may add further languages; what is sent shall be this one alone.
        browser.tell("Network.enable", json!({})).await;
        let headers = json!({"headers": {"Accept-Language": language}});
        browser.tell("Network.setExtraHTTPHeaders", headers).await;
        browser
    }

    /// Closes the window and ends the driver.
    pub async fn close(self) {
        let Browser { page, driver, _profile } = self;
        page.quit().await.expect("the window closes");
        drop(driver);
    }

    /// Sends a command of the DevTools protocol.
    pub async fn tell(&self, command: &str, what: Value) -> Value {
        let told = self.page.cdp().send_raw(command, what).await;
        told.unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    /// Runs a script in the page and returns what it returns.
    pub async fn run(&self, script: &str) -> Value {
        let ran = self.page.execute(script, Vec::new()).await;
        ran.unwrap_or_else(|error| panic!("{script}: {error}")).json().clone()
    }

    /// Waits inside the page until an expression is true, looking at each change of the document.
    ///
    /// # Panics
    /// When it is still false after twenty seconds.
    pub async fn until(&self, expression: &str) {
        let mut last = String::new();
        // A navigation ends the script that waits; the next page is then asked the same.
        for _ in 0..40 {
            let script = format!(
                "const done = arguments[arguments.length - 1];
                 const holds = () => {{ try {{ return Boolean({expression}); }} catch {{ return false; }} }};
                 if (document.readyState !== 'loading' && holds()) return done(true);
                 const look = new MutationObserver(() => {{ if (holds()) end(true); }});
                 const clock = setInterval(() => {{ if (holds()) end(true); }}, 25);
                 const end = (result) => {{ look.disconnect(); clearInterval(clock); done(result); }};
                 look.observe(document, {{subtree: true, childList: true, attributes: true, characterData: true}});
                 setTimeout(() => end(holds()), 20000);"
            );
            match self.page.execute_async(&script, Vec::new()).await {
                Ok(result) if result.json() == &Value::Bool(true) => return,
                Ok(_) => break,
                Err(error) => last = error.to_string(),
            }
        }
        let text = self.page.source().await.unwrap_or_default();
        let url = self.page.current_url().await.map(|url| url.to_string()).unwrap_or_default();
        panic!("never true: {expression}\n{last}\nat {url}\n{text}");
    }

    /// What the accessibility checker has against the page: rule, then the elements.
    pub async fn accessibility_flaws(&self) -> Vec<String> {
        let file = folder::target().join(CHECKER);
        let checker = fs::read_to_string(&file)
            .unwrap_or_else(|_| panic!("{} is fetched by tests/run", file.display()));
        // Evaluated from outside, so that the page's own content security policy stays as it is.
        self.tell("Runtime.evaluate", json!({"expression": checker})).await;
        // A colour on its way to another, after a change of scheme, is not one that people read.
        let script = "const done = arguments[arguments.length - 1];
            const changing = document.getAnimations().filter((one) => one instanceof CSSTransition);
            Promise.allSettled(changing.map((one) => one.finished)).then(() =>
                axe.run(document, {resultTypes: ['violations']})).then(
                (found) => done(found.violations.map((one) =>
                    one.id + ': ' + one.help + ' ' + one.nodes.map((node) => node.html).join(' | '))),
                (error) => done(['the checker failed: ' + error]));";
        let found = self.page.execute_async(script, Vec::new()).await.expect("the checker runs");
        let found = found.json().as_array().cloned().unwrap_or_default();
        found.iter().map(|flaw| flaw.as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Errors in the console since the last call: script errors, refused sources, failed requests.
    pub async fn console_errors(&self) -> Vec<String> {
        let log = self.page.browser_log().await.expect("the console");
        let bad =
            log.into_iter().filter(|entry| entry.level == "SEVERE" || entry.level == "WARNING");
        bad.map(|entry| entry.message).collect()
    }

    /// Lets pages run scripts, or not; a page that is open already stays as it is.
    pub async fn scripts(&self, on: bool) {
        self.tell("Emulation.setScriptExecutionDisabled", json!({"value": !on})).await;
    }

    /// Lets pages use the clipboard, as somebody does who is asked.
    pub async fn lets_copy(&self) {
        let both = json!({"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]});
        self.tell("Browser.grantPermissions", both).await;
    }

    /// The text in the clipboard.
    pub async fn clipboard(&self) -> String {
        let script = "const done = arguments[arguments.length - 1];
            navigator.clipboard.readText().then(done, (error) => done('unread: ' + error));";
        let read = self.page.execute_async(script, Vec::new()).await.expect("the clipboard");
        read.json().as_str().unwrap_or_default().to_owned()
    }

    /// Has files that pages offer kept in a folder.
    pub async fn downloads_to(&self, folder: &Path) {
        let kept = json!({"behavior": "allow", "downloadPath": folder});
        self.tell("Browser.setDownloadBehavior", kept).await;
    }

    /// The text of a file that a page has offered, once it is whole.
    ///
    /// # Panics
    /// When it has not come after ten seconds.
    pub async fn downloaded(&self, file: &Path) -> String {
        for _ in 0..400 {
            if let Ok(text) = fs::read_to_string(file) {
                return text;
            }
            let script = "setTimeout(arguments[arguments.length - 1], 25)";
            self.page.execute_async(script, Vec::new()).await.expect("a moment");
        }
        panic!("{} never came", file.display());
    }

    /// Shows pages as they are printed, or as they are on a screen.
    pub async fn on_paper(&self, paper: bool) {
        let media = json!({"media": if paper { "print" } else { "" }});
        self.tell("Emulation.setEmulatedMedia", media).await;
    }

    async fn size(&self, width: u32, height: u64) {
        let size =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.tell("Emulation.setDeviceMetricsOverride", size).await;
    }

    /// Sets width and colours.
    pub async fn look(&self, look: Look) {
        let size =
            json!({"width": look.width, "height": 800, "deviceScaleFactor": 1, "mobile": false});
        self.tell("Emulation.setDeviceMetricsOverride", size).await;
        let scheme = if look.dark { "dark" } else { "light" };
        let media = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.tell("Emulation.setEmulatedMedia", media).await;
    }

    /// Keeps a picture of the whole page in `target/screenshots`.
    pub async fn picture(&self, name: &str, look: Look) {
        self.look(look).await;
        let height = self.run("return document.documentElement.scrollHeight").await;
        self.size(look.width, height.as_u64().unwrap_or(800).clamp(600, 6000)).await;
        let png = self.page.screenshot_as_png().await.expect("a picture");
        let folder = folder::target().join("screenshots");
        fs::create_dir_all(&folder).expect("a folder for pictures");
        let scheme = if look.dark { "dark" } else { "light" };
        let file = folder.join(format!("{name}-{}-{scheme}.png", look.width));
        fs::write(file, png).expect("the picture is kept");
    }
}

/// Starts the driver on a port of its own choice and reads the port from what it prints. It takes a
/// port that is free for one family of addresses and ends when another program has it for the other
/// family: then it is started again.
fn start_driver() -> (Process, u16) {
    let mut printed = Vec::new();
    for _ in 0..10 {
        let mut child = Command::new("chromedriver")
            .args(["--port=0", "--log-level=SEVERE"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is installed by tests/run");
        let stdout = child.stdout.take().expect("the driver's output");
        let process = Process(child);
        let mut lines = BufReader::new(stdout).lines().map_while(Result::ok);
        let port = lines.by_ref().find_map(|line| {
            let port = line.split("started successfully on port ").nth(1);
            let port = port.and_then(|port| port.trim_end_matches('.').parse().ok());
            printed.push(line);
            port
        });
        if let Some(port) = port {
            std::thread::spawn(move || lines.for_each(drop));
            return (process, port);
        }
    }
    panic!("the driver does not say on which port it listens: {printed:#?}");
}
