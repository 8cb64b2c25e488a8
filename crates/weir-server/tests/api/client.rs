//! A small shop in a fresh data directory, and a client of its API.

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt;
use weir_app::{App, EventImport, Silent, TagImport};
use weir_server::{Link, Options, Server};

/// Four people; the row without a time is refused.
const EVENTS: &str = "\
time,user,behavior,channel,shop,amount
2024-11-01 10:00:00,ada,impression,sms,flagship,
2024-11-02 10:00:00,ada,purchase,shop,flagship,120.50
2024-11-02 11:00:00,bob,view,shop,flagship,
2024-11-03 09:00:00,cid,add_to_cart,shop,outlet,
2024-11-03 09:30:00,dan,view,pigeon,flagship,
,eve,view,shop,flagship,
";

const EVENTS_SQL: &str = "\
SELECT \"time\" AS time, \"user\" AS id_user_id, \"behavior\" AS behavior, \"channel\" AS channel, \"shop\" AS shop,
    \"amount\" AS amount FROM input";

const TAGS: &str = "user,gender\nada,female\nbob,male\n";

const TAGS_SQL: &str = "SELECT \"user\" AS id_user_id, \"gender\" AS gender FROM input";

/// An API over a data directory of its own.
pub struct Client {
    folder: TempDir,
    pub app: Arc<App>,
    pub server: Arc<Server>,
    pub token: Option<String>,
}

/// What came back.
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
    pub bytes: Vec<u8>,
}

impl Client {
    /// Nothing in it, and nobody has a token.
    pub fn empty() -> Client {
        Client::listening("127.0.0.1:7717", 1 << 20)
    }

    /// The shop, with a token.
    pub async fn shop() -> Client {
        // weir-app blocks, so it is called as the server calls it.
        tokio::task::spawn_blocking(Client::fill).await.unwrap()
    }

    fn fill() -> Client {
        let mut client = Client::empty();
        let workspace = client.app.workspace("default").unwrap();
        workspace.set("timezone", "Asia/Shanghai").unwrap();
        let files = vec![client.file("events.csv", EVENTS)];
        let sql = EVENTS_SQL.to_owned();
        let events = EventImport { files, with: Vec::new(), sql, source: "shop".to_owned() };
        workspace.import_events(&events, &Silent).unwrap();
        let files = vec![client.file("tags.csv", TAGS)];
        let tags = TagImport { files, with: Vec::new(), sql: TAGS_SQL.to_owned(), source: "shop".to_owned() };
        workspace.import_tags(&tags, &Silent).unwrap();
        client.token = Some(client.app.issue_token("default", "test").unwrap());
        client
    }

    pub fn listening(address: &str, upload_limit: u64) -> Client {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let app = Arc::new(App::open(&data).unwrap());
        let (listen, workspace) = (address.parse().unwrap(), "default".to_owned());
        let options =
            Options { app: app.clone(), data, listen, workspace, upload_limit, link: Link::FirstRun };
        let server = Server::new(&options).unwrap();
        Client { folder, app, server, token: None }
    }

    /// The data directory.
    pub fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    fn file(&self, name: &str, text: &str) -> std::path::PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send("GET", path, "").await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Reply {
        self.send("POST", path, &body.to_string()).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Reply {
        self.send("PUT", path, &body.to_string()).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.send("DELETE", path, "").await
    }

    /// A route below `/api/v1`, with the token if there is one.
    pub async fn send(&self, method: &str, path: &str, body: &str) -> Reply {
        let request = self.request(method, &format!("/api/v1{path}"));
        self.call(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    /// A form of (name, file name, content) parts.
    pub async fn form(&self, path: &str, parts: &[(&str, Option<&str>, &str)]) -> Reply {
        const BOUNDARY: &str = "cut-here";
        let mut body = String::new();
        for (name, file, content) in parts {
            let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
            body.push_str(&format!(
                "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"{file}\r\n\r\n"
            ));
            body.push_str(&format!("{content}\r\n"));
        }
        body.push_str(&format!("--{BOUNDARY}--\r\n"));
        let request = self.request("POST", &format!("/api/v1{path}"));
        let request = request.header("content-type", format!("multipart/form-data; boundary={BOUNDARY}"));
        self.call(request.body(Body::from(body)).unwrap()).await
    }

    pub fn request(&self, method: &str, uri: &str) -> axum::http::request::Builder {
        let request = Request::builder().method(method).uri(uri);
        match &self.token {
            Some(token) => request.header("authorization", format!("Bearer {token}")),
            None => request,
        }
    }

    pub async fn call(&self, request: Request<Body>) -> Reply {
        let router: Router = self.server.clone().router();
        let response = router.oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = to_bytes(response.into_body(), 1 << 24).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Reply { status, headers, text, bytes: bytes.to_vec() }
    }
}

impl Reply {
    /// The body, if the status is the one expected.
    #[track_caller]
    pub fn json(&self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        serde_json::from_str(&self.text).unwrap()
    }

    /// Status and body of an error on one line each, as a snapshot shows them.
    pub fn error(&self) -> String {
        let body: Value = serde_json::from_str(&self.text).unwrap();
        format!("{}\n{}", self.status.as_u16(), serde_json::to_string_pretty(&body).unwrap())
    }
}

/// How many entries a folder has.
pub fn entries(folder: &Path) -> usize {
    std::fs::read_dir(folder).unwrap().count()
}
