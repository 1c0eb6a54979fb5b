//! A real server with its administrator, for one test.

use serde_json::{Value, json};
use tests::api::Api;
use tests::folder::Folder;
use tests::journey::EndUser;
use tests::library::{AUTHENTICATION, REGISTRATION, parameters};
use tests::server::{Server, Setup};
use tests::wire::Wire;
use tokio::net::TcpListener;

/// A server, its administrator and tokens with which the two shipped journeys are for anybody.
pub(crate) struct House {
    pub(crate) server: Server,
    pub(crate) api: Api,
    pub(crate) registration: String,
    pub(crate) authentication: String,
    /// The relay that browsers talk to, so that what they send can be looked at.
    pub(crate) wire: Wire,
    _folder: Folder,
}

impl House {
    /// An empty folder's server, ready.
    pub(crate) async fn open() -> House {
        House::with(&[]).await
    }

    /// The same, with a clock that stands still until [`House::pass`] moves it.
    pub(crate) async fn with_moved_clock() -> House {
        House::with(&[("GATEWRIGHT_CLOCK", "manual"), ("GATEWRIGHT_TEST_MODE", "true")]).await
    }

    async fn with(settings: &[(&str, &str)]) -> House {
        let folder = Folder::new("house");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port for the relay");
        let port = listener.local_addr().expect("its address").port();
        let mut setup = Setup::new("sled", &folder.path().join("data"));
        setup.base_url = Some(format!("http://localhost:{port}"));
        setup.environment =
            settings.iter().map(|(name, to)| ((*name).into(), (*to).into())).collect();
        let server = setup.start();
        let wire = Wire::in_front_of(listener, server.port).await.expect("a relay");
        let mut api = Api::open(server.port, &server.admin_key()).await;
        let registration = api.unlimited_token(REGISTRATION).await;
        let authentication = api.unlimited_token(AUTHENTICATION).await;
        House { server, api, registration, authentication, wire, _folder: folder }
    }

    /// Lets a time pass, such as `PT5M`, and with it all that falls due.
    pub(crate) async fn pass(&mut self, time: &str) {
        self.api.post("/api/test/clock", &json!({"advance": time})).await;
        // Bearer tokens grow old by that clock too.
        self.api = Api::open(self.server.port, &self.server.admin_key()).await;
    }

    /// Makes an instance and starts it as somebody new; what is asked comes back too.
    pub(crate) async fn begin(&mut self, token: &str, person: &str) -> (EndUser, Value) {
        let made = self.api.create(token, &parameters(person)).await.expect("an answer");
        let made = made.expect(201).json();
        let instance = made["processInstanceId"].as_str().expect("an instance");
        assert_eq!(instance.len(), 26, "{made}");
        assert!(made["redirectUrl"].as_str().is_some_and(|url| url.contains("?ps=")), "{made}");
        let mut user = EndUser::new(self.server.port);
        let step = user.start(instance).await.expect("an answer").expect(200).json();
        (user, step)
    }

    /// The address that a browser opens for an instance made through the interface.
    pub(crate) async fn invite(&mut self, token: &str, person: &str) -> String {
        let made = self.api.create(token, &parameters(person)).await.expect("an answer");
        let made = made.expect(201).json();
        made["redirectUrl"].as_str().expect("an address").to_owned()
    }

    /// Deploys a shipped journey; gives a token for it.
    pub(crate) async fn journey(&mut self, name: &str) -> String {
        let journeys = definitions::library::ALL;
        let journey = journeys.iter().find(|journey| journey.name == name).expect("it ships");
        self.api.deploy(name, journey.yaml).await;
        self.api.unlimited_token(name).await
    }

    /// Deploys a shipped form.
    pub(crate) async fn form(&mut self, name: &str) {
        let (_, form) = forms::library::ALL.iter().find(|(of, _)| *of == name).expect("it ships");
        let body = json!({"name": name, "creationOption": "Save & Deploy", "resource": form});
        self.api.post("/api/process-manager/customDataForms", &body).await;
    }

    /// Somebody's record in the store `demo`.
    pub(crate) async fn user(&mut self, person: &str) -> Value {
        self.api.get(&format!("/api/identity-store/stores/demo/users/{person}/ext")).await
    }
}
