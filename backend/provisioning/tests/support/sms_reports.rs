//! No import sends an SMS.

use async_trait::async_trait;
use jiff::Timestamp;
use portique_domain::sms::{AwaitedReport, Reported, SmsReports};
use portique_domain::store::StoreResult;
use uuid::Uuid;

use super::{Transaction, not_for_an_import};

#[async_trait]
impl SmsReports for Transaction {
    async fn note_accepted_sms(
        &mut self,
        _: Uuid,
        _: Option<&str>,
        _: Timestamp,
        _: Option<Timestamp>,
    ) -> StoreResult<()> {
        not_for_an_import()
    }

    async fn save_report(&mut self, _: Uuid, _: &Reported) -> StoreResult<bool> {
        not_for_an_import()
    }

    async fn take_awaited_reports(
        &mut self,
        _: Timestamp,
        _: Timestamp,
        _: u64,
    ) -> StoreResult<Vec<AwaitedReport>> {
        not_for_an_import()
    }

    async fn ask_report_at(&mut self, _: Uuid, _: Option<Timestamp>) -> StoreResult<()> {
        not_for_an_import()
    }
}
