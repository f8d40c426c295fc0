use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "accounts")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub portal: String,
    pub identifier: String,
    /// Unique on its portal.
    pub folded_identifier: String,
    pub email: String,
    pub folded_email: String,
    pub rescue_email: Option<String>,
    pub rescue_phone: Option<String>,
    pub civility: Option<String>,
    pub given_name: String,
    pub family_name: String,
    pub profession: Option<String>,
    pub national_id: Option<String>,
    /// Words separated by commas.
    pub privileges: String,
    pub status: String,
    /// None before the first invitation.
    pub password_hash: Option<String>,
    /// Of a provisional password only.
    pub password_expires_at: Option<i64>,
    /// Of a definitive password only.
    pub password_changed_at: Option<i64>,
    pub wants_second_factor: bool,
    pub language: String,
    pub created_at: i64,
    pub last_sign_in_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
