use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "card_ceremonies")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: Vec<u8>,
    pub cookie_hash: Vec<u8>,
    pub portal: String,
    pub purpose: String,
    pub session_hash: Option<Vec<u8>>,
    pub expires_at: i64,
    pub answer_hash: Option<Vec<u8>>,
    pub fault: Option<String>,
    pub number: Option<String>,
    pub family_name: Option<String>,
    pub given_name: Option<String>,
    pub certificate: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
