use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "pending_sign_ins")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: Vec<u8>,
    pub account_id: Uuid,
    pub portal: String,
    pub verified_hash: String,
    pub expires_at: i64,
    /// The hash of a session's token.
    pub proof_of: Option<Vec<u8>>,
    pub code_seal: Option<Vec<u8>>,
    pub sent_to: Option<String>,
    pub reference: Option<String>,
    pub sent_at: Option<i64>,
    pub code_expires_at: Option<i64>,
    pub wrong: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
