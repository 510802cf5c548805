//! Uploads go on where they broke off: the registry is asked how much of a part arrived.

use bytes::Bytes;
use oci_client::errors::OciDistributionError as Oci;
use oci_client::secrets::RegistryAuth;
use reqwest::header::{CONTENT_RANGE, CONTENT_TYPE, HeaderMap, LOCATION, RANGE};
use reqwest::{RequestBuilder, Response, Url};

use super::Session;
use super::retry::goes_on;

/// What is sent at once, in bytes: some registries take no more.
const CHUNK: usize = 4 << 20;

/// How far the upload of a part is.
#[derive(Default)]
pub(super) struct Upload {
    /// Where the registry wants it; `None` before it begins.
    place: Option<Url>,
    /// How many bytes arrived.
    sent: usize,
    /// How many had when it broke off the last time.
    told: usize,
    /// Whether something was sent to which no answer came.
    unsure: bool,
}

impl Session {
    /// Sends what is missing of a part; `false` if it broke off, but more of it arrived than ever before: a bad way to the
    /// registry is no reason to give up as long as something gets through. After an error, too, it may be called again.
    pub(super) async fn go_on(&self, upload: &mut Upload, bytes: &Bytes, digest: &str) -> Result<bool, Oci> {
        match self.send_rest(upload, bytes, digest).await {
            Err(e) if goes_on(&e) && upload.sent > upload.told => {
                upload.told = upload.sent;
                Ok(false)
            }
            other => other.map(|()| true),
        }
    }

    async fn send_rest(&self, upload: &mut Upload, bytes: &Bytes, digest: &str) -> Result<(), Oci> {
        if upload.unsure {
            self.look_how_far(upload).await?;
        }
        let place = match upload.place.take() {
            Some(place) => place,
            None => self.begin_upload().await?,
        };
        upload.unsure = true;
        let mut place = upload.place.insert(place).clone();
        while upload.sent < bytes.len() {
            let end = bytes.len().min(upload.sent + CHUNK);
            let request = self.http.patch(place.clone());
            let request = request.header(CONTENT_TYPE, "application/octet-stream");
            let request = request.header(CONTENT_RANGE, format!("{}-{}", upload.sent, end - 1));
            let answer = self.send(request.body(bytes.slice(upload.sent..end)), &place).await?;
            place = upload.place.insert(next(&place, answer.headers())?).clone();
            upload.sent = end;
        }
        let mut end = place.clone();
        end.query_pairs_mut().append_pair("digest", digest);
        let request = self.http.put(end).header(CONTENT_TYPE, "application/octet-stream").body(Bytes::new());
        self.send(request, &place).await.map(drop)
    }

    async fn begin_upload(&self) -> Result<Url, Oci> {
        let path = format!("/v2/{}/blobs/uploads/", self.reference.repository());
        let place = self.reference.address(&path).parse().map_err(|_| Oci::UrlParseError(path))?;
        let answer = self.send(self.http.post(Url::clone(&place)).body(Bytes::new()), &place).await?;
        next(&place, answer.headers())
    }

    /// Where the registry can't tell, because it forgot the upload or won't go on with it, it begins anew.
    async fn look_how_far(&self, upload: &mut Upload) -> Result<(), Oci> {
        if let Some(place) = upload.place.take() {
            match self.send(self.http.get(place.clone()), &place).await {
                Ok(answer) => {
                    if let Some(arrived) = arrived(answer.headers()) {
                        upload.sent = arrived;
                        upload.place = Some(next(&place, answer.headers()).unwrap_or(place));
                    }
                }
                Err(Oci::ServerError { code: 400 | 404 | 405 | 416, .. }) => {}
                Err(other) => {
                    upload.place = Some(place);
                    return Err(other);
                }
            }
        }
        if upload.place.is_none() {
            *upload = Upload { told: upload.told, ..Upload::default() };
        }
        Ok(())
    }

    /// Our credentials are for the registry alone, wherever it may want its uploads.
    async fn send(&self, request: RequestBuilder, place: &Url) -> Result<Response, Oci> {
        let own: Option<Url> = self.reference.address("/").parse().ok();
        let request = match self.may_push() {
            _ if own.is_none_or(|own| own.origin() != place.origin()) => request,
            RegistryAuth::Anonymous => request,
            RegistryAuth::Basic(user, password) => request.basic_auth(user, Some(password)),
            RegistryAuth::Bearer(token) => request.bearer_auth(token),
        };
        let answer = request.send().await?;
        let (code, url) = (answer.status().as_u16(), place.path().to_owned());
        match code {
            200..300 => Ok(answer),
            401 => Err(Oci::UnauthorizedError { url }),
            _ => Err(Oci::ServerError { code, url, message: answer.text().await? }),
        }
    }
}

fn next(place: &Url, headers: &HeaderMap) -> Result<Url, Oci> {
    let told = headers.get(LOCATION).ok_or(Oci::RegistryNoLocationError)?.to_str()?;
    place.join(told).map_err(|_| Oci::UrlParseError(told.to_owned()))
}

/// How many bytes a registry has, by `Range: 0-N`, where N is the last one; nothing is told as `0-0`.
fn arrived(headers: &HeaderMap) -> Option<usize> {
    let last = headers.get(RANGE)?.to_str().ok()?.trim_start_matches("bytes=").strip_prefix("0-")?;
    last.parse().ok().map(|last: usize| if last == 0 { 0 } else { last + 1 })
}
