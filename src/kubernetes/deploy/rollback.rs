//! The way back after a deploy that failed: the last revision that came to run, under the same lease.

use super::Request;
use super::report::Deployed;
use super::work::Work;
use crate::error::{Error, Result};
use crate::kubernetes::object::Object;
use crate::kubernetes::{Images, plan, release};

impl Work<'_> {
    /// Deploys, and where that fails goes back if the request wants it. The failure stays the result.
    pub async fn run_or_go_back(&self, objects: Vec<Object>) -> Result<Deployed> {
        match self.run(objects).await {
            Err(failure) if self.request.rollback_on_failure => Err(self.go_back(failure).await),
            other => other,
        }
    }

    async fn go_back(&self, failure: Error) -> Error {
        match self.last_good().await {
            Ok(Some((revision, deployed))) => {
                failure.hint(format!("went back to revision {revision}: it runs again, as revision {deployed}"))
            }
            Ok(None) => failure.hint("no earlier revision came to run, so there is none to go back to"),
            Err(again) => {
                let causes = again.causes.join("; ");
                let why = if causes.is_empty() { again.message } else { format!("{}: {causes}", again.message) };
                failure.cause(format!("going back failed too: {why}")).hint("`msvc status` tells how it stands")
            }
        }
    }

    /// Deploys the last revision that came to run; its number, and the one that it got now.
    async fn last_good(&self) -> Result<Option<(u32, u32)>> {
        let releases = release::list(self.cluster, &self.request.settings.project).await?;
        let Some(good) = plan::last_good(&releases) else { return Ok(None) };
        self.progress.message(&format!("going back to revision {}", good.revision));
        let images = Images(good.images.clone());
        let request = Request { images: &images, commit: good.commit.clone(), selected: &[], ..self.request.clone() };
        let work = Work { request: &request, who: self.who.clone(), since: jiff::Timestamp::now(), ..*self };
        let deployed = work.run(good.objects.objects()?).await?;
        Ok(Some((good.revision, deployed.revision)))
    }
}
