use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: Vec<u8>,
    pub account_id: Uuid,
    pub portal: String,
    pub scope: String,
    pub created_at: i64,
    pub idle_expires_at: i64,
    pub absolute_expires_at: i64,
    pub previous_sign_in_at: Option<i64>,
    pub provisional_hash: Option<String>,
    pub proved_at: Option<i64>,
    pub id: Uuid,
    pub browser: Option<String>,
    pub system: Option<String>,
    pub started_from: Option<String>,
    pub last_used_at: i64,
    pub last_used_from: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
