use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub portal: String,
    pub account_id: Option<Uuid>,
    pub channel: String,
    pub kind: String,
    pub sealed: Vec<u8>,
    pub created_at: i64,
    pub state: String,
    pub attempts: i64,
    pub due_at: i64,
    pub last_error: Option<String>,
    pub gateway_id: Option<String>,
    pub report: Option<String>,
    pub report_code: Option<String>,
    pub reported_at: Option<i64>,
    pub ask_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
