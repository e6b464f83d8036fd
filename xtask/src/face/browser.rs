//! A browser without a window, driven over a pipe by the DevTools protocol: no port is opened for it.

use std::{
    cell::{Cell, RefCell},
    fs::{self, File, OpenOptions},
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use super::eye::film_of;

/// A machine ten times slower than the slowest known answers sooner.
const PATIENCE: Duration = Duration::from_secs(120);
/// How often a page is asked whether something has come.
const LOOK: Duration = Duration::from_millis(25);

/// The window of a desk.
pub const DESK: (u32, u32) = (1440, 900);

/// Which fonts the browser finds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Letters {
    /// Those of this machine.
    OfThisMachine,
    /// [`FONTS`] alone, so that the same page looks the same on every machine.
    OfTheDocuments,
}

/// Where Debian puts the font that has the letters of all stores.
pub const FONTS: &str = "/usr/share/fonts/opentype/noto";

/// The browser with one page open. What the page said is kept: its errors, and where it called.
pub struct Browser {
    child: Child,
    to: RefCell<File>,
    from: Receiver<Value>,
    next: Cell<u64>,
    session: String,
    errors: RefCell<Vec<String>>,
    calls: RefCell<Vec<String>>,
    eye: PathBuf,
}

impl Browser {
    /// Starts the browser with its files in `folder`, and opens an empty page.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start(folder: &Path, letters: Letters) -> Result<Self> {
        let [to, from] = ["to", "from"].map(|name| folder.join(name));
        crate::step::run(Command::new("mkfifo").arg(&to).arg(&from))?;
        // The browser reads commands on its third file and writes answers on its fourth.
        let mut command = Command::new("sh");
        command.args(["-c", "exec \"$@\" 3<\"$TO\" 4>\"$FROM\"", "sh", "chromium"]);
        command.args(["--headless=new", "--remote-debugging-pipe", "--no-sandbox"]);
        command.args(["--disable-gpu", "--disable-background-networking", "--no-first-run"]);
        command.args(["--disable-component-update", "--disable-dev-shm-usage"]);
        command.args(["--force-color-profile=srgb", "--font-render-hinting=none"]);
        // Its camera sees the film of a file.
        let eye = folder.join("seen.y4m");
        fs::write(&eye, film_of(&[]))?;
        command.args(["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]);
        command.arg(format!("--use-file-for-fake-video-capture={}", eye.display()));
        command.arg(format!("--user-data-dir={}", folder.join("profile").display()));
        command.arg("about:blank").env("TO", &to).env("FROM", &from);
        if letters == Letters::OfTheDocuments {
            command.env("FONTCONFIG_FILE", fonts_in(folder)?);
        }
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let child = child.context("chromium did not start")?;
        let to = OpenOptions::new().write(true).open(&to)?;
        let from = listen(File::open(&from)?);
        let mut browser = Self {
            child,
            to: to.into(),
            from,
            next: Cell::new(1),
            session: String::new(),
            errors: RefCell::default(),
            calls: RefCell::default(),
            eye,
        };
        let target = browser.call("Target.createTarget", json!({ "url": "about:blank" }))?;
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let attached = browser.call("Target.attachToTarget", attach)?;
        browser.session = attached["sessionId"].as_str().context("no session")?.to_owned();
        for domain in ["Runtime", "Page", "Network", "Log"] {
            browser.call(&format!("{domain}.enable"), json!({}))?;
        }
        Ok(browser)
    }

    /// The film that its camera sees from the next time on that it is opened.
    pub fn eye(&self) -> &Path {
        &self.eye
    }

    /// Calls the browser and waits for its answer.
    ///
    /// # Errors
    /// When it refuses, or does not answer.
    pub fn call(&self, method: &str, params: Value) -> Result<Value> {
        let id = self.next.replace(self.next.get() + 1);
        let mut message = json!({ "id": id, "method": method, "params": params });
        if !self.session.is_empty() {
            message["sessionId"] = self.session.clone().into();
        }
        let mut bytes = serde_json::to_vec(&message)?;
        bytes.push(0);
        self.to.borrow_mut().write_all(&bytes)?;
        loop {
            let told = self.from.recv_timeout(PATIENCE);
            let mut told = told.with_context(|| format!("the browser is silent after {method}"))?;
            if told["id"] == id {
                ensure!(told["error"].is_null(), "{method}: {}", told["error"]);
                return Ok(told["result"].take());
            }
            self.hear(&told);
        }
    }

    fn hear(&self, told: &Value) {
        let params = &told["params"];
        let error = match told["method"].as_str().unwrap_or_default() {
            "Runtime.exceptionThrown" => Some(params["exceptionDetails"].to_string()),
            "Runtime.consoleAPICalled" if params["type"] == "error" => {
                Some(params["args"].to_string())
            }
            "Log.entryAdded" if params["entry"]["level"] == "error" => {
                Some(params["entry"].to_string())
            }
            "Network.requestWillBeSent" => {
                let url = params["request"]["url"].as_str().unwrap_or_default().to_owned();
                self.calls.borrow_mut().push(url);
                None
            }
            _ => None,
        };
        self.errors.borrow_mut().extend(error);
    }

    /// The width and height of the window.
    ///
    /// # Errors
    /// As [`Browser::call`].
    pub fn resize(&self, width: u32, height: u32) -> Result<()> {
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.call("Emulation.setDeviceMetricsOverride", metrics).map(drop)
    }

    /// Asks for no movement, as a person can: what is looked at has then come to rest.
    ///
    /// # Errors
    /// As [`Browser::call`].
    pub fn stand_still(&self) -> Result<()> {
        let features = json!([{ "name": "prefers-reduced-motion", "value": "reduce" }]);
        self.call("Emulation.setEmulatedMedia", json!({ "features": features })).map(drop)
    }

    /// Opens a page and waits for what `ready` says of it.
    ///
    /// # Errors
    /// As [`Browser::call`].
    pub fn open(&self, url: &str, ready: &str) -> Result<()> {
        self.call("Page.navigate", json!({ "url": url }))?;
        self.until(ready)
    }

    /// What a piece of JavaScript comes to, or the promise that it gives.
    ///
    /// # Errors
    /// When it throws.
    pub fn eval(&self, text: &str) -> Result<Value> {
        let asked = json!({ "expression": text, "awaitPromise": true, "returnByValue": true });
        let mut answer = self.call("Runtime.evaluate", asked)?;
        let thrown = &answer["exceptionDetails"];
        ensure!(thrown.is_null(), "{text}: {thrown}");
        Ok(answer["result"]["value"].take())
    }

    /// Waits until a piece of JavaScript comes to something true.
    ///
    /// # Errors
    /// When that does not come.
    pub fn until(&self, text: &str) -> Result<()> {
        let begun = Instant::now();
        loop {
            match self.eval(&format!("Promise.resolve({text}).then((it) => !!it)")) {
                Ok(Value::Bool(true)) => return Ok(()),
                // A page that is being left has nothing to be asked about.
                Ok(_) | Err(_) if begun.elapsed() < PATIENCE => thread::sleep(LOOK),
                Ok(_) => bail!("it did not come: {text}"),
                Err(error) => return Err(error),
            }
        }
    }

    /// The middle of the first element that `selector` names, which is brought into view.
    ///
    /// # Errors
    /// When there is none.
    pub fn middle(&self, selector: &str) -> Result<(f64, f64)> {
        let selector = serde_json::to_string(selector)?;
        self.until(&format!("document.querySelector({selector})"))?;
        let box_ = self.eval(&format!(
            "(() => {{ const it = document.querySelector({selector}); \
             it.scrollIntoView({{ block: 'center' }}); const b = it.getBoundingClientRect(); \
             return [b.x + b.width / 2, b.y + b.height / 2]; }})()"
        ))?;
        let at = |nth: usize| box_[nth].as_f64().context("an element without a place");
        Ok((at(0)?, at(1)?))
    }

    /// One event of the mouse: `mouseMoved`, `mousePressed` or `mouseReleased`.
    ///
    /// # Errors
    /// As [`Browser::call`].
    pub fn mouse(&self, kind: &str, (x, y): (f64, f64)) -> Result<()> {
        let pressed = u8::from(kind != "mouseReleased");
        let event = json!({ "type": kind, "x": x, "y": y, "button": "left", "buttons": pressed,
            "clickCount": 1 });
        self.call("Input.dispatchMouseEvent", event).map(drop)
    }

    /// Clicks on the first element that `selector` names, once it is there and not out of reach. Where it
    /// is may change meanwhile, as the page is drawn anew with every second: so it is not by the mouse.
    ///
    /// # Errors
    /// When there is none.
    pub fn click(&self, selector: &str) -> Result<()> {
        let selector = serde_json::to_string(selector)?;
        self.until(&format!(
            "(() => {{ const it = document.querySelector({selector}); \
             if (!it || it.disabled || it.closest('[inert]')) return false; \
             it.scrollIntoView({{ block: 'center' }}); it.click(); return true; }})()"
        ))
    }

    /// Presses and lets go of a key (`Enter`, `ArrowUp`).
    ///
    /// # Errors
    /// As [`Browser::call`].
    pub fn key(&self, key: &str) -> Result<()> {
        for kind in ["keyDown", "keyUp"] {
            let code = if key == "Enter" { 13 } else { 0 };
            let text = if key == "Enter" && kind == "keyDown" { "\r" } else { "" };
            let event = json!({ "type": kind, "key": key, "code": key, "text": text,
                "windowsVirtualKeyCode": code });
            self.call("Input.dispatchKeyEvent", event)?;
        }
        Ok(())
    }

    /// What the first element that `selector` names looks like, as a PNG picture.
    ///
    /// # Errors
    /// As [`Browser::call`].
    pub fn picture_of(&self, selector: &str) -> Result<Vec<u8>> {
        let selector = serde_json::to_string(selector)?;
        let mut clip = self.eval(&format!(
            "(() => {{ const it = document.querySelector({selector}).getBoundingClientRect(); \
             return {{ x: it.x, y: it.y, width: it.width, height: it.height }}; }})()"
        ))?;
        clip["scale"] = 1.into();
        let asked = json!({ "format": "png", "clip": clip });
        let taken = self.call("Page.captureScreenshot", asked)?;
        let data = taken["data"].as_str().context("no picture")?;
        Ok(data_encoding::BASE64.decode(data.as_bytes())?)
    }

    /// What the page said went wrong.
    pub fn errors(&self) -> Vec<String> {
        self.errors.borrow().clone()
    }

    /// Where the page called that does not begin with `own`.
    pub fn foreign(&self, own: &str) -> Vec<String> {
        let calls = self.calls.borrow();
        let is_own = |url: &&String| {
            ["data:", "blob:", "about:"].iter().any(|own| url.starts_with(own))
                || url.starts_with(own)
        };
        calls.iter().filter(|url| !is_own(url)).cloned().collect()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.call("Browser.close", json!({}));
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(5) {
            if self.child.try_wait().is_ok_and(|ended| ended.is_some()) {
                return;
            }
            thread::sleep(LOOK);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A list of fonts with [`FONTS`] alone.
fn fonts_in(folder: &Path) -> Result<PathBuf> {
    let (file, cache) = (folder.join("fonts.conf"), folder.join("fonts"));
    let text = format!(
        "<?xml version=\"1.0\"?><fontconfig><dir>{FONTS}</dir><cachedir>{}</cachedir></fontconfig>",
        cache.display()
    );
    fs::write(&file, text)?;
    Ok(file)
}

/// The messages of a pipe, each ended by a zero.
fn listen(pipe: File) -> Receiver<Value> {
    let (told, heard) = mpsc::channel();
    thread::spawn(move || {
        for message in BufReader::new(pipe).split(0).map_while(Result::ok) {
            let Ok(message) = serde_json::from_slice(&message) else { continue };
            if told.send(message).is_err() {
                return;
            }
        }
    });
    heard
}
