//! A connection to the engine of our own, for what bollard can't be asked to carry: the session of a build.

use std::io;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::host::Host;

/// Bytes to the engine and from it.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// Connects to the engine in the way that its address says.
pub(super) async fn dial(host: &Host) -> io::Result<Box<dyn Stream>> {
    let (scheme, rest) = host.address.split_once("://").unwrap_or(("", &host.address));
    match (scheme, &host.tls) {
        ("unix", _) => Ok(Box::new(UnixStream::connect(rest).await?)),
        ("ssh", _) => by_ssh(&host.address),
        (_, tls) => {
            let authority = rest.trim_end_matches('/');
            let stream = TcpStream::connect(authority).await?;
            Ok(match tls {
                None => Box::new(stream),
                Some(dir) => Box::new(encrypted(stream, authority, dir).await?),
            })
        }
    }
}

/// What docker itself does over there. The process ends with the connection.
fn by_ssh(address: &str) -> io::Result<Box<dyn Stream>> {
    let mut command = tokio::process::Command::new("ssh");
    command.args(["-T", "-o", "ConnectTimeout=30", "--", address, "docker", "system", "dial-stdio"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let (Some(output), Some(input)) = (child.stdout.take(), child.stdin.take()) else {
        return Err(io::ErrorKind::BrokenPipe.into());
    };
    Ok(Box::new(tokio::io::join(output, input)))
}

/// As docker: whom the engine's certificate is of, says `ca.pem` alone; ours is shown where there is one.
async fn encrypted(stream: TcpStream, authority: &str, dir: &Path) -> io::Result<TlsStream<TcpStream>> {
    let mut authorities = RootCertStore::empty();
    authorities.add_parsable_certificates(certificates(&dir.join("ca.pem"))?);
    let config = ClientConfig::builder().with_root_certificates(authorities);
    let own = dir.join("cert.pem");
    let config = if own.exists() {
        let key = PrivateKeyDer::from_pem_file(dir.join("key.pem")).map_err(io::Error::other)?;
        config.with_client_auth_cert(certificates(&own)?, key).map_err(io::Error::other)?
    } else {
        config.with_no_client_auth()
    };
    let name = authority.rsplit_once(':').map_or(authority, |(name, _)| name).trim_matches(['[', ']']);
    let name = ServerName::try_from(name.to_owned()).map_err(io::Error::other)?;
    TlsConnector::from(Arc::new(config)).connect(name, stream).await
}

fn certificates(file: &Path) -> io::Result<Vec<CertificateDer<'static>>> {
    let found = CertificateDer::pem_file_iter(file).map_err(io::Error::other)?;
    found.collect::<Result<_, _>>().map_err(io::Error::other)
}
