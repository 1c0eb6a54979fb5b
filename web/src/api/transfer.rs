//! Users of an identity store as lines of JSON: brought in as they arrive, and handed out page by page.

use std::time::{Duration, Instant};

use axum::body::{Body, BodyDataStream, Bytes};
use axum::http::{StatusCode, header};
use futures::{StreamExt as _, stream};
use identity::{Import, LONGEST_LINE, UserLine};
use runtime::Tenant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::App;
use crate::api::stores::StorePath;
use crate::ask::Ask;
use crate::problem::Problem;
use crate::reply::{Lines, Ok200};
use crate::route::{Upload, again};

pub(crate) const ABOUT_IMPORT: &str = "Each line of the body is a user. One who is there already, by `id` or else by `externalId`, is changed as far as the line says something else; no lock is taken off by that, neither of a user nor of a form of authentication, who is disabled stays so, and who has ever authenticated is not pending again. A passcode is only brought to a user who has none under its policy; it is a verifier, or a hash of another system that is verified once at the next sign-in and replaced by a verifier. A TOTP or a set of recovery codes is only brought to a user who has none under its policy, and a passkey to one who does not have it; policies and relying parties have to be there before.\n\nThe answer begins at once and has a line every few seconds that says how far the import is; the last says `COMPLETED`, or why it stopped. To go on after that, send the same lines again with the same `importId`: those that were read are passed over. One that is another than it was, or whose user was removed since, stops the import with the code 513 and is named; another file has an `importId` of its own. Or leave them out, and say with `fromLine` which line the body begins with.\n\nHow far an import is and which lines failed is kept for the `auditDuration` of the store after it last went on; no value of a line is told there.";
pub(crate) const ABOUT_EXPORT: &str = "Each line is a user as the import reads it, with their passkeys and without anything that a passcode, a TOTP or a recovery code is verified with, in the order of their identifiers. Where the answer was cut off, ask with `after` for the rest. The audit tells of every export.";
pub(crate) const ABOUT_PASSCODES: &str = "Each line is a user as the import reads it, with the verifiers of the passcodes and of those before them that the policy compares new ones with, from which weak passcodes can be guessed by trying, with hashes of other systems that wait for their users, with the secrets of TOTPs, from which everybody can make their codes, and with the hashes of recovery codes: keep it like a secret. Passkeys come without the records of their registrations, and a TOTP whose first code is awaited does not come along. Where the answer was cut off, ask with `after` for the rest. The audit tells of every export.";

/// Lines that are read in one commit.
const LINES: usize = 250;
/// The bytes after which a commit takes no more lines.
const WEIGHT: usize = 1 << 20;
/// How long a part of the body may take to come.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often the answer says how far the import is. Whoever reads the answer only when everything is sent must not
/// be kept from sending by what waits for them.
const TOLD: Duration = Duration::from_secs(5);
/// Users that are read in one go for an export.
const PAGE: usize = 200;

/// How an import begins.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Begin {
    /// Names the import: 1 to 64 letters, digits, `-` and `_`. Without it one is drawn.
    import_id: Option<String>,
    /// The number of the line that the body begins with; 1.
    from_line: Option<u64>,
}

/// How an export goes on.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Resume {
    /// The `id` of the last line that came, where an export was cut off; it goes on after that user.
    after: Option<String>,
}

/// The import that is meant.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ImportPath {
    /// Name of the identity store.
    store_name: String,
    /// Identifier of the import.
    import_id: String,
}

/// A line of the answer to an import.
#[derive(Serialize, JsonSchema)]
struct Progress {
    #[serde(flatten)]
    import: Import,
    /// Why the import stopped before its last line.
    #[serde(skip_serializing_if = "Option::is_none")]
    stopped: Option<String>,
}

/// An import whose body is still arriving.
struct Arriving {
    app: App,
    tenant: Tenant,
    store: String,
    import: Import,
    /// The number of the next line of the body.
    next: u64,
    lines: LineReader,
}

pub(crate) async fn import(upload: Upload<StorePath, Begin, UserLine>) -> Result<Lines, Problem> {
    let media = upload.headers.get(header::CONTENT_TYPE).and_then(|media| media.to_str().ok());
    let media = media.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if !["application/jsonl", "application/x-ndjson"].contains(&media) {
        let detail = "the body has to be sent as application/jsonl";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
    }
    let (tenant, store) = (upload.caller.tenant().clone(), upload.path.name().to_owned());
    let first = upload.query.from_line.unwrap_or(1);
    if first == 0 {
        return Err(Problem::at("fromLine", "lines are counted from 1"));
    }
    let id = upload.query.import_id.as_deref();
    let import = again(&upload.app, || async {
        let mut work = tenant.identity();
        let import = work.start_import(&store, id, first).await?;
        work.commit().await?;
        Ok(import)
    })
    .await?;
    let begun = line_of(&import, None);
    let lines = LineReader::new(upload.body);
    let arriving = Arriving { app: upload.app, tenant, store, import, next: first, lines };
    let rest = stream::unfold(Some(arriving), async |arriving| {
        let mut arriving = arriving?;
        let (line, over) = arriving.go_on().await;
        Some((line, (!over).then_some(arriving)))
    });
    let answer = stream::once(async { begun }).chain(rest).map(Ok::<_, std::convert::Infallible>);
    Ok(Lines(Body::from_stream(answer)))
}

pub(crate) async fn read(ask: Ask<ImportPath>) -> Result<Ok200<Import>, Problem> {
    let ImportPath { store_name, import_id } = &ask.path;
    Ok(Ok200(ask.caller.tenant().identity().read_import(store_name, import_id).await?))
}

pub(crate) async fn export(ask: Ask<StorePath, Resume>) -> Result<Lines, Problem> {
    handed_out(ask, false).await
}

pub(crate) async fn export_with_passcodes(ask: Ask<StorePath, Resume>) -> Result<Lines, Problem> {
    handed_out(ask, true).await
}

async fn handed_out(ask: Ask<StorePath, Resume>, secrets: bool) -> Result<Lines, Problem> {
    let tenant = ask.caller.tenant().clone();
    let mut work = tenant.identity();
    let after = ask.query.after.as_deref().map(Into::into);
    let export = work.start_user_export(ask.path.name(), secrets, after).await?;
    work.commit().await?;
    let pages = stream::try_unfold((tenant, export), async |(tenant, mut export)| {
        let page = tenant.identity().read_user_export(&mut export, PAGE).await?;
        let more = (!page.is_empty()).then(|| (Bytes::from(page), (tenant, export)));
        Ok::<_, identity::Error>(more)
    });
    Ok(Lines(Body::from_stream(pages)))
}

impl Arriving {
    /// Reads on until there is something to say: how far it is, and whether that was the last.
    async fn go_on(&mut self) -> (Bytes, bool) {
        let begun = Instant::now();
        while begun.elapsed() < TOLD {
            let lines = match self.lines.next().await {
                Ok(lines) => lines,
                Err(reason) => return (line_of(&self.import, Some(reason.to_owned())), true),
            };
            let (tenant, store, id) = (&self.tenant, &self.store, &self.import.id);
            let read = again(&self.app, || read_lines(tenant, store, id, self.next, &lines)).await;
            match read {
                Ok(import) => self.import = import,
                Err(problem) => {
                    let reason = problem.detail().to_owned();
                    return (line_of(&self.import, Some(reason)), true);
                }
            }
            if lines.is_empty() {
                return (line_of(&self.import, None), true);
            }
            self.next += lines.len() as u64;
        }
        (line_of(&self.import, None), false)
    }
}

/// Imports lines in one commit; none are the end.
async fn read_lines(
    tenant: &Tenant,
    store: &str,
    id: &str,
    first: u64,
    lines: &[Option<Vec<u8>>],
) -> Result<Import, Problem> {
    let mut work = tenant.identity();
    let import = match lines {
        [] => work.complete_import(store, id).await?,
        lines => work.import_lines(store, id, first, lines).await?,
    };
    work.commit().await?;
    Ok(import)
}

fn line_of(import: &Import, stopped: Option<String>) -> Bytes {
    let progress = Progress { import: import.clone(), stopped };
    let mut line = serde_json::to_vec(&progress).unwrap_or_default();
    line.push(b'\n');
    Bytes::from(line)
}

/// Takes a body apart into lines as it arrives.
struct LineReader {
    body: BodyDataStream,
    /// What came and was not handed on: whole lines and the beginning of the next.
    lines: Vec<Option<Vec<u8>>>,
    rest: Vec<u8>,
    /// Whether the line that `rest` belongs to is too long, and only its end is awaited.
    overlong: bool,
    ended: bool,
}

impl LineReader {
    fn new(body: Body) -> LineReader {
        let body = body.into_data_stream();
        LineReader { body, lines: Vec::new(), rest: Vec::new(), overlong: false, ended: false }
    }

    /// The next lines, without their ends; `None` is one that is too long. None at all is the end of the body. A
    /// line that was cut off is not handed on.
    async fn next(&mut self) -> Result<Vec<Option<Vec<u8>>>, &'static str> {
        let weight =
            |lines: &[Option<Vec<u8>>]| lines.iter().flatten().map(Vec::len).sum::<usize>();
        while !self.ended && self.lines.len() < LINES && weight(&self.lines) < WEIGHT {
            match tokio::time::timeout(PATIENCE, self.body.next()).await {
                Ok(Some(Ok(part))) => self.take(&part),
                Ok(Some(Err(_))) => return Err("the body was cut off"),
                Ok(None) => {
                    self.ended = true;
                    if self.overlong || !self.rest.is_empty() {
                        self.end_line();
                    }
                }
                Err(_) => return Err("the body did not go on for 30 seconds"),
            }
        }
        let more = self.lines.split_off(self.lines.len().min(LINES));
        Ok(std::mem::replace(&mut self.lines, more))
    }

    fn take(&mut self, part: &[u8]) {
        for (position, piece) in part.split(|byte| *byte == b'\n').enumerate() {
            if position > 0 {
                self.end_line();
            }
            self.overlong |= self.rest.len() + piece.len() > LONGEST_LINE;
            if self.overlong {
                self.rest.clear();
            } else {
                self.rest.extend_from_slice(piece);
            }
        }
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.rest);
        let overlong = std::mem::take(&mut self.overlong);
        self.lines.push((!overlong).then_some(line));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_body_is_taken_apart_wherever_it_is_cut() {
        let long = "x".repeat(LONGEST_LINE);
        let text = format!("one\n\n{long}\n{long}y\nfive\r\nsix");
        for size in [1 << 10, 1 << 16, 4 << 20] {
            let parts: Vec<_> = text.as_bytes().chunks(size).map(<[u8]>::to_vec).collect();
            let parts = stream::iter(parts).map(Ok::<_, std::convert::Infallible>);
            let mut reader = LineReader::new(Body::from_stream(parts));
            let mut told = Vec::new();
            loop {
                let lines = reader.next().await.unwrap();
                if lines.is_empty() {
                    break;
                }
                for line in lines {
                    let text = line.map(|line| String::from_utf8(line).unwrap());
                    told.push(text.map_or("too long".to_owned(), |text| match text.len() {
                        0..10 => text,
                        bytes => bytes.to_string(),
                    }));
                }
            }
            assert_eq!(told, ["one", "", "1048576", "too long", "five\r", "six"], "{size}");
        }
    }

    #[tokio::test]
    async fn a_line_that_is_cut_off_is_not_handed_on() {
        let parts = [Ok("one\ntw"), Err(std::io::Error::other("gone"))];
        let mut reader = LineReader::new(Body::from_stream(stream::iter(parts)));
        assert_eq!(reader.next().await, Err("the body was cut off"));
    }

    #[tokio::test]
    async fn many_lines_come_in_parts() {
        let text = "x\n".repeat(LINES * 2 + 3);
        let mut reader = LineReader::new(Body::from(text));
        let mut sizes = Vec::new();
        for _ in 0..4 {
            sizes.push(reader.next().await.unwrap().len());
        }
        assert_eq!(sizes, [LINES, LINES, 3, 0]);
    }
}
