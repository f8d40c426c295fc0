use sea_orm::entity::prelude::*;

/// Texts are kept exactly as they were hashed.
#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "audit_entries")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub sequence: i64,
    pub at: String,
    pub portal: String,
    pub action: String,
    pub result: String,
    pub factor: String,
    pub authenticator: String,
    pub account: String,
    pub address: String,
    pub previous_hash: String,
    pub hash: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
