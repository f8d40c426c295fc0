//! Dependencies between the workspace's crates, and who may use which library.

use std::collections::BTreeSet;

use serde::Deserialize;

/// What `cargo metadata --no-deps` prints, as far as the rules need it.
#[derive(Debug, Deserialize)]
pub struct Metadata {
    pub packages: Vec<Package>,
}

#[derive(Debug, Deserialize)]
pub struct Package {
    pub name: String,
    pub dependencies: Vec<Dependency>,
}

#[derive(Debug, Deserialize)]
pub struct Dependency {
    pub name: String,
    /// `None` for an ordinary one, else `dev` or `build`.
    pub kind: Option<String>,
}

impl Dependency {
    /// Tests may reach further than the product: a use case tried on a real database knows the storage.
    fn reaches_the_product(&self) -> bool {
        self.kind.as_deref() != Some("dev")
    }
}

/// The crates of the product, and whom of the others each may know.
const MAY_KNOW: [(&str, &[&str]); 9] = [
    ("portique-shared", &[]),
    ("portique-domain", &["portique-shared"]),
    ("portique-storage", &["portique-shared", "portique-domain"]),
    ("portique-delivery", &["portique-shared", "portique-domain"]),
    ("portique-provisioning", &["portique-shared", "portique-domain"]),
    ("portique-drawing", &["portique-domain"]),
    ("portique-cards", &["portique-shared", "portique-domain"]),
    (
        "portique-server",
        &[
            "portique-shared",
            "portique-domain",
            "portique-storage",
            "portique-delivery",
            "portique-provisioning",
            "portique-drawing",
            "portique-cards",
        ],
    ),
    ("portique-frontend", &["portique-shared"]),
];

/// Crates of the workspace that measure or check the product and are no part of it: they may know all of it,
/// and none of it may know them.
const BESIDE_THE_PRODUCT: [&str; 3] = [
    "portique-architecture",
    "portique-bench",
    "portique-test-authority",
];

/// Libraries that tie a crate to one technology, and the crates whose business that is.
const LIBRARY_OWNERS: [(&str, &[&str]); 15] = [
    ("sea-orm", &["portique-storage"]),
    ("sea-orm-migration", &["portique-storage"]),
    ("sqlx", &["portique-storage"]),
    ("axum", &["portique-server"]),
    ("tower-http", &["portique-server"]),
    ("figment", &["portique-server"]),
    ("clap", &["portique-server"]),
    ("lettre", &["portique-delivery"]),
    ("tiny-skia", &["portique-drawing"]),
    ("leptos", &["portique-frontend"]),
    ("leptos_router", &["portique-frontend"]),
    ("gloo-net", &["portique-frontend"]),
    ("wasm-bindgen", &["portique-frontend"]),
    ("web-sys", &["portique-frontend"]),
    ("js-sys", &["portique-frontend"]),
];

/// What breaks the rules, one sentence each; empty when all is well.
pub fn violations(metadata: &Metadata) -> Vec<String> {
    let members: BTreeSet<&str> = metadata
        .packages
        .iter()
        .map(|package| package.name.as_str())
        .collect();
    let mut found = Vec::new();
    for (name, _) in MAY_KNOW {
        if !members.contains(name) {
            found.push(format!("{name} is in the rules but not in the workspace"));
        }
    }
    for package in &metadata.packages {
        if BESIDE_THE_PRODUCT.contains(&package.name.as_str()) {
            continue;
        }
        let Some((_, allowed)) = MAY_KNOW.iter().find(|(name, _)| *name == package.name) else {
            found.push(format!(
                "{} is in the workspace but the rules do not say whom it may know",
                package.name
            ));
            continue;
        };
        for dependency in package
            .dependencies
            .iter()
            .filter(|dependency| dependency.reaches_the_product())
        {
            let name = dependency.name.as_str();
            if members.contains(name) && !allowed.contains(&name) {
                found.push(format!("{} must not know {name}", package.name));
            }
            if let Some((_, owners)) = LIBRARY_OWNERS.iter().find(|(library, _)| *library == name)
                && !owners.contains(&package.name.as_str())
            {
                found.push(format!(
                    "{name} is for {} alone, and {} depends on it",
                    owners.join(" and "),
                    package.name
                ));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The crates of the rules, with the dependencies given (crate, dependency, kind).
    fn workspace(dependencies: &[(&str, &str, Option<&str>)]) -> Metadata {
        let packages = MAY_KNOW
            .iter()
            .map(|(name, _)| Package {
                name: (*name).into(),
                dependencies: dependencies
                    .iter()
                    .filter(|(owner, ..)| owner == name)
                    .map(|(_, dependency, kind)| Dependency {
                        name: (*dependency).into(),
                        kind: kind.map(Into::into),
                    })
                    .collect(),
            })
            .collect();
        Metadata { packages }
    }

    #[test]
    fn a_workspace_as_designed_breaks_no_rule() {
        let designed = workspace(&[
            ("portique-domain", "portique-shared", None),
            ("portique-storage", "portique-domain", None),
            ("portique-storage", "sea-orm", None),
            ("portique-delivery", "portique-domain", None),
            ("portique-delivery", "lettre", None),
            ("portique-provisioning", "portique-domain", None),
            ("portique-server", "portique-storage", None),
            ("portique-server", "portique-delivery", None),
            ("portique-server", "portique-provisioning", None),
            ("portique-server", "portique-drawing", None),
            ("portique-drawing", "portique-domain", None),
            ("portique-drawing", "tiny-skia", None),
            ("portique-server", "axum", None),
            ("portique-frontend", "portique-shared", None),
            ("portique-frontend", "leptos", None),
        ]);
        assert_eq!(violations(&designed), Vec::<String>::new());
    }

    #[test]
    fn each_forbidden_acquaintance_is_refused() {
        for (owner, other) in [
            ("portique-shared", "portique-domain"),
            ("portique-domain", "portique-storage"),
            ("portique-domain", "portique-delivery"),
            ("portique-domain", "portique-server"),
            ("portique-storage", "portique-delivery"),
            ("portique-delivery", "portique-storage"),
            ("portique-provisioning", "portique-storage"),
            ("portique-storage", "portique-provisioning"),
            ("portique-storage", "portique-server"),
            ("portique-frontend", "portique-domain"),
            ("portique-frontend", "portique-server"),
            ("portique-server", "portique-frontend"),
        ] {
            let found = violations(&workspace(&[(owner, other, None)]));
            assert_eq!(found, [format!("{owner} must not know {other}")]);
        }
    }

    #[test]
    fn a_library_outside_the_crate_it_belongs_to_is_refused() {
        for (library, owners) in LIBRARY_OWNERS {
            for (owner, _) in MAY_KNOW {
                let found = violations(&workspace(&[(owner, library, None)]));
                assert_eq!(found.is_empty(), owners.contains(&owner), "{library} in {owner}");
            }
        }
    }

    #[test]
    fn a_build_script_obeys_the_rules_and_a_test_may_reach_further() {
        let dependency = ("portique-domain", "sea-orm");
        let built = workspace(&[(dependency.0, dependency.1, Some("build"))]);
        let tested = workspace(&[(dependency.0, dependency.1, Some("dev"))]);
        assert_eq!(violations(&built).len(), 1);
        assert!(violations(&tested).is_empty());
    }

    #[test]
    fn the_product_must_not_know_what_measures_it() {
        let mut metadata = workspace(&[("portique-server", "portique-bench", None)]);
        metadata.packages.push(Package {
            name: "portique-bench".into(),
            dependencies: vec![],
        });
        assert_eq!(
            violations(&metadata),
            ["portique-server must not know portique-bench"]
        );
    }

    #[test]
    fn a_crate_that_the_rules_do_not_name_is_refused_and_one_that_is_gone_too() {
        let mut metadata = workspace(&[]);
        metadata.packages[0].name = "portique-newcomer".into();
        let found = violations(&metadata);
        assert!(
            found
                .iter()
                .any(|sentence| sentence.contains("portique-newcomer is in the workspace"))
        );
        assert!(
            found
                .iter()
                .any(|sentence| sentence.contains("portique-shared is in the rules"))
        );
    }
}
