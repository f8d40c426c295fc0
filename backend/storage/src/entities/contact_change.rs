use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "contact_changes")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: String,
    pub id: Uuid,
    pub value: String,
    pub expires_at: i64,
    pub code_seal: Option<Vec<u8>>,
    pub reference: Option<String>,
    pub sent_at: Option<i64>,
    pub code_expires_at: Option<i64>,
    pub wrong: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
