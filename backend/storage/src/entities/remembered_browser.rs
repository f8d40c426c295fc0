use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "remembered_browsers")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: Vec<u8>,
    pub id: Uuid,
    pub account_id: Uuid,
    pub portal: String,
    pub browser: Option<String>,
    pub system: Option<String>,
    pub remembered_at: i64,
    pub remembered_from: Option<String>,
    pub last_used_at: i64,
    pub last_used_from: Option<String>,
    pub expires_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
