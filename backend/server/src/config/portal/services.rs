//! The services behind the door: where they are, who sees them, their pictures.

use std::path::Path;

use portique_domain::profession;
use portique_domain::this_machine::is_this_machine;
use portique_shared::professions::LABELS;

use super::Checker;
use crate::client;

use crate::config::picture::Picture;
use crate::config::portal_file::PortalFile;

impl Checker<'_> {
    pub(super) fn services(&mut self, file: &PortalFile) {
        for (number, service) in file.services.iter().enumerate() {
            if !is_safe(&service.address) {
                self.wrong(
                    format!("services.{number}.address"),
                    "expected https://… (http:// only for this machine itself)",
                );
            }
            let mut professions = service.audience.professions.iter();
            if let Some(unknown) = professions.find(|label| !profession::is_known(label)) {
                self.wrong(
                    format!("services.{number}.audience.professions"),
                    format!(
                        "found «{unknown}», expected the national directory's labels: {}",
                        LABELS.join(", ")
                    ),
                );
            }
        }
    }

    /// The operator's own pictures, in the services' order; `None` for those that come with the client.
    pub(super) fn pictures(&mut self, file: &PortalFile) -> Vec<Option<Picture>> {
        let folder = self.path.parent().unwrap_or(Path::new(""));
        let mut pictures = Vec::new();
        for (number, service) in file.services.iter().enumerate() {
            let shipped = service.picture.starts_with('/') && !service.picture.starts_with("//");
            pictures.push(if shipped {
                if !client::ships(&service.picture) {
                    self.wrong(
                        format!("services.{number}.picture"),
                        format!(
                            "found «{}», expected a picture of the client such as /services/agenda.svg, or a file beside this one",
                            service.picture
                        ),
                    );
                }
                None
            } else {
                let read = Picture::read(folder, &service.picture);
                read.map_err(|expectation| self.wrong(format!("services.{number}.picture"), expectation))
                    .ok()
            });
        }
        pictures
    }
}

/// Whether what people read there, and who they are, stays between them and the service.
fn is_safe(address: &str) -> bool {
    let (scheme, rest) = address.split_once("://").unwrap_or_default();
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    !host.is_empty() && (scheme == "https" || (scheme == "http" && is_this_machine(host)))
}
