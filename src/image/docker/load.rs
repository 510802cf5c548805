//! Loads an image into the engine that was made without it.

use bollard::query_parameters::ImportImageOptions;
use futures_util::StreamExt;

use super::{Engine, explain};
use crate::error::Result;

impl Engine {
    /// Takes in an archive of an image, as `docker save` writes them, with its names.
    ///
    /// # Errors
    /// The engine refuses it, or goes away.
    pub async fn load(&self, archive: Vec<u8>, service: &str) -> Result<()> {
        let body = bollard::body_full(archive.into());
        let mut told = Box::pin(self.docker.import_image(ImportImageOptions::default(), body, None));
        while let Some(next) = told.next().await {
            next.map_err(|e| explain::failed(&format!("the engine did not take the image of {service}"), e))?;
        }
        Ok(())
    }
}
